// What the nodes' processes take, as the system counts it.

import { readFileSync } from 'node:fs';

const MEBIBYTE = 1 << 20;

/** Memory that a process holds, in MiB; undefined where the system does not say. */
function residentOf(pid) {
  try {
    const kilobytes = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/);
    return kilobytes ? (Number(kilobytes[1]) * 1024) / MEBIBYTE : undefined;
  } catch {
    return undefined;
  }
}

/** Watches the memory of each node, once a second. */
export class Processes {
  constructor(members) {
    this.rows = members.map((member) => ({ member, pid: member.pid, first: undefined, most: 0, last: 0 }));
  }

  start() {
    this.#look();
    this.timer = setInterval(() => this.#look(), 1_000);
  }

  stop() {
    clearInterval(this.timer);
    this.#look();
  }

  #look() {
    for (const row of this.rows) {
      const now = residentOf(row.pid);
      if (now === undefined) continue;
      row.first ??= now;
      row.most = Math.max(row.most, now);
      row.last = now;
    }
  }

  /** Those whose process is not the one that was there at first. */
  get gone() {
    return this.rows.filter(({ member, pid }) => pid === undefined || member.pid !== pid).map(({ member }) => member.name);
  }
}
