// How the tests of this folder speak: in numbered sections, tables and facts, each of which held or
// not.

// polkadot.js tells of upgrades and of closed connections on the console, each line with a date before
// it. The report says what matters of that.
for (const level of ['log', 'warn', 'error']) {
  const print = console[level];
  console[level] = (...words) => {
    if (!/^\d{4}-\d\d-\d\d .*(API|RPC|REGISTRY)/.test(words.join(' '))) print(...words);
  };
}

let sections = 0;
let failures = 0;
const started = Date.now();

const clock = () => `${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s`;

/** A new section. */
export function section(title) {
  sections += 1;
  console.log(`\n${sections}. ${title}  (${clock().trim()})`);
}

/** Something to know. */
export function note(text) {
  console.log(`   ${text}`);
}

/** A fact that has to hold. What does not is counted, and the test goes on. */
export function holds(fact, claim) {
  if (!fact) failures += 1;
  console.log(`   ${fact ? 'ok ' : 'NOT'}  ${claim}`);
  return fact;
}

/** Rows of cells, the first of which names the columns. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => String(cell).padEnd(widths[column]));
    console.log(`   ${cells.join('  ').trimEnd()}`);
  }
}

/** The last line. Answers with the exit code. */
export function conclude(what) {
  const verdict = failures === 0 ? 'all of it held' : `${failures} did NOT hold`;
  console.log(`\n${what}: ${verdict}, in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return failures === 0 ? 0 : 1;
}
