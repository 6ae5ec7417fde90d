import { spawn } from 'node:child_process';
import type { ApiServer, Place } from '../ApiServer';
import type { Way } from './Terminal';

/** What people had before: `kubectl exec -it`, with a TTY of its own from `script`. */
export function kubectl(server: ApiServer, place: Place): Way {
  const command = [
    server.kubectl,
    `--kubeconfig=${server.kubeconfig}`,
    `--namespace=${place.namespace}`,
    'exec',
    '--stdin',
    '--tty',
    place.pod,
    `--container=${place.container}`,
    '--',
    'sh',
  ].join(' ');
  return {
    name: 'kubectl exec',
    open: async () => {
      const child = spawn(
        'script',
        ['--quiet', '--return', '--command', command, '/dev/null'],
        { stdio: ['pipe', 'pipe', 'ignore'] },
      );
      let listener: (bytes: Buffer) => void = () => {};
      child.stdout.on('data', bytes => listener(bytes));
      // What is typed after the end goes nowhere; the end itself is what tells.
      child.stdin.on('error', () => {});
      const closed = new Promise<void>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', () => resolve());
      });
      return {
        type: bytes => {
          child.stdin.write(bytes);
        },
        onOutput: next => {
          listener = next;
        },
        closed,
        close: () => {
          child.kill();
        },
      };
    },
  };
}
