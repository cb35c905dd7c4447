// A network whose nodes live in network namespaces of their own, on two bridges that a cable joins.
// Pull the cable, and it is two networks. Needs root.

import { spawnSync } from 'node:child_process';
import { Network } from './network.js';

const NAME = 'dtaotest';

function ip(...args) {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}

/** Why this machine cannot do it, or undefined. */
export function whyNot() {
  if (process.getuid() !== 0) return 'namespaces need root';
  const { status, error } = spawnSync('ip', ['netns', 'add', `${NAME}-probe`]);
  if (error || status !== 0) return 'this machine refuses network namespaces';
  ip('netns', 'del', `${NAME}-probe`);
  return undefined;
}

/** A network that can be parted in two. */
export class PartedNetwork extends Network {
  host(member) {
    return `10.213.0.${member.place + 10}`;
  }

  rpcHost(member) {
    return this.host(member);
  }

  namespace(member) {
    return `${NAME}-${member.place}`;
  }

  /** Lays the cables: the members of `left` on one bridge, the others on the other. */
  connect(left) {
    this.disconnect();
    for (const side of ['l', 'r']) {
      ip('link', 'add', `${NAME}${side}`, 'type', 'bridge');
      ip('link', 'set', `${NAME}${side}`, 'up');
    }
    ip('link', 'add', `${NAME}c0`, 'type', 'veth', 'peer', 'name', `${NAME}c1`);
    ip('link', 'set', `${NAME}c0`, 'master', `${NAME}l`, 'up');
    ip('link', 'set', `${NAME}c1`, 'master', `${NAME}r`, 'up');
    // This process asks the nodes from the left, through the bridge itself.
    ip('addr', 'add', '10.213.0.1/24', 'dev', `${NAME}l`);
    for (const member of this.members) {
      const [space, outside] = [this.namespace(member), `${NAME}v${member.place}`];
      ip('netns', 'add', space);
      ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
      ip('link', 'set', outside, 'master', left.includes(member) ? `${NAME}l` : `${NAME}r`, 'up');
      ip('-n', space, 'addr', 'add', `${this.host(member)}/24`, 'dev', 'eth0');
      ip('-n', space, 'link', 'set', 'eth0', 'up');
      ip('-n', space, 'link', 'set', 'lo', 'up');
    }
  }

  /** Takes all of it away, as far as it is there. */
  disconnect() {
    for (const member of this.members) spawnSync('ip', ['netns', 'del', this.namespace(member)]);
    for (const link of ['c0', 'l', 'r']) spawnSync('ip', ['link', 'del', `${NAME}${link}`]);
  }

  part() {
    ip('link', 'set', `${NAME}c0`, 'down');
  }

  join() {
    ip('link', 'set', `${NAME}c0`, 'up');
  }

  async start() {
    for (const member of this.members) {
      await member.start({
        wrap: ['ip', 'netns', 'exec', this.namespace(member)],
        more: ['--rpc-external', '--rpc-methods', 'unsafe', '--rpc-cors', 'all'],
      });
    }
  }
}
