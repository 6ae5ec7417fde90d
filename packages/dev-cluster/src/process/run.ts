import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
  timeoutMs?: number;
  /** Ends the program early. */
  signal?: AbortSignal;
  /** Sees each line of both outputs as it comes. */
  onLine?: (line: string) => void;
}

const KEPT_ERROR_LINES = 30;

/** Runs a program to its end and returns what it printed; throws with the last lines of its error output when it fails. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      signal: options.signal,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    const errors: string[] = [];
    child.stdout.on('data', chunk => output.push(chunk));
    createInterface(child.stderr).on('line', line => {
      errors.push(line);
      if (errors.length > KEPT_ERROR_LINES) {
        errors.shift();
      }
      options.onLine?.(line);
    });
    if (options.onLine) {
      createInterface(child.stdout).on('line', options.onLine);
    }
    child.on('error', error =>
      reject(
        error.name === 'AbortError'
          ? error
          : new Error(`cannot run ${command}: ${error.message}`),
      ),
    );
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve(Buffer.concat(output).toString('utf8'));
        return;
      }
      const how = signal
        ? `was ended by ${signal}${
            options.timeoutMs
              ? ` (at most ${options.timeoutMs} ms are allowed)`
              : ''
          }`
        : `failed with exit code ${code}`;
      const shown = [command, ...args].join(' ').slice(0, 300);
      reject(new Error([`${shown} ${how}`, ...errors].join('\n')));
    });
    // A program that ends without reading its input closes the pipe; its exit code tells the rest.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
