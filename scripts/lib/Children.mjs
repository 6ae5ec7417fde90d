import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** How many characters at the end of a failed child's output are shown. */
const SHOWN_OUTPUT = 4000;

/**
 * Every process that a run starts, so that all of them end with it.
 *
 * Each child leads a process group of its own: a Ctrl-C in the terminal reaches only us, and we end the children in
 * the reverse order of their start.
 */
export class Children {
  #running = [];
  #stopping = false;

  /** The environment of the children: that of this process, and what the run adds to it. */
  constructor(env = process.env) {
    this.env = { ...env };
  }

  get stopping() {
    return this.#stopping;
  }

  /**
   * Starts a child and returns it at once.
   * - `log`: a file for its output, which is otherwise passed through;
   * - `onMessage`: opens an IPC channel; a child that listens for `disconnect` learns when we die;
   * - `graceMs`: how long it may take to end before it is killed.
   */
  start(name, command, args, options = {}) {
    if (this.#stopping)
      throw new Error(`${name}: not started, since the run is being stopped`);
    const { cwd, env, log, onMessage, graceMs = 10_000 } = options;
    const output = log ? openSync(log, 'w') : 'inherit';
    const child = spawn(command, args, {
      cwd,
      env: { ...this.env, ...env },
      detached: true,
      stdio: ['ignore', output, output, ...(onMessage ? ['ipc'] : [])],
    });
    if (log) closeSync(output);
    if (onMessage) child.on('message', onMessage);

    const exited = new Promise(resolve => {
      child.once('error', error => resolve({ code: 127, error }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const running = { name, child, exited, graceMs };
    this.#running.push(running);
    exited.then(() => {
      this.#running = this.#running.filter(other => other !== running);
    });
    return { name, pid: child.pid, exited, stop: () => stop(running) };
  }

  /** Runs a child to its end; throws with the end of its output when it fails. */
  async run(name, command, args, options = {}) {
    const { code, signal, error } = await this.start(
      name,
      command,
      args,
      options,
    ).exited;
    if (code === 0) return;
    if (this.#stopping) throw new Error(`${name} was stopped`);

    const why =
      error?.message ?? (signal ? `ended by ${signal}` : `exit code ${code}`);
    const output = options.log ? tail(options.log) : '';
    throw new Error(
      [`${name} failed: ${why}`, output].filter(Boolean).join('\n'),
    );
  }

  /** Ends whatever still runs, the youngest first. */
  async stopAll() {
    this.#stopping = true;
    for (const running of [...this.#running].reverse()) {
      await stop(running);
    }
  }

  /** Kills whatever still runs without waiting. */
  killAll() {
    this.#stopping = true;
    this.#running.forEach(running => signalGroup(running, 'SIGKILL'));
  }

  /** The names of what still runs. */
  names() {
    return this.#running.map(({ name }) => name);
  }
}

/** The last lines that a child wrote into its log. */
export function tail(log) {
  try {
    const output = readFileSync(log, 'utf8').trim();
    if (output.length <= SHOWN_OUTPUT) return output;
    // The first line is cut in the middle.
    return output.slice(-SHOWN_OUTPUT).replace(/^.*\n/, '');
  } catch {
    return '';
  }
}

async function stop(running) {
  const { child, exited, graceMs } = running;
  if (child.exitCode !== null || child.signalCode !== null) return;

  signalGroup(running, 'SIGTERM');
  const killer = setTimeout(() => signalGroup(running, 'SIGKILL'), graceMs);
  await exited;
  clearTimeout(killer);
}

function signalGroup({ child }, signal) {
  if (!child.pid) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
