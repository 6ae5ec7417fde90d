/** A shell in a container, however it was reached. */
export interface Terminal {
  type(bytes: Buffer): void;
  /** Replaces whoever listened before. */
  onOutput(listener: (bytes: Buffer) => void): void;
  /** Resolves when the stream has ended, by whomever. */
  readonly closed: Promise<void>;
  close(): void;
}

/** A way to a shell: ours, or one that it is compared with. */
export interface Way {
  readonly name: string;
  /** Opens a shell on a TTY. Returns as soon as bytes can be sent; the prompt may be on its way. */
  open(): Promise<Terminal>;
}

/** Waits until the output contains what is looked for, and returns all of it since the call. */
export async function untilOutput(
  terminal: Terminal,
  expected: (output: string) => boolean,
  timeoutMs = 60_000,
): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new Error(
            `Waited ${timeoutMs / 1000} s in vain; the end of the output: ${
              output.slice(-200) || 'none'
            }`,
          ),
        ),
      timeoutMs,
    );
    terminal.onOutput(bytes => {
      output += bytes.toString('latin1');
      if (expected(output)) {
        clearTimeout(timer);
        terminal.onOutput(() => {});
        resolve(output);
      }
    });
  });
}

/** `#` for root, `$` for everybody else. */
export async function untilPrompt(terminal: Terminal): Promise<void> {
  await untilOutput(terminal, output => /[#$] /.test(output));
}

/** Types a line and waits for the prompt after it. */
export async function run(terminal: Terminal, line: string): Promise<string> {
  const done = `done-${Math.random().toString(36).slice(2)}`;
  // In two pieces, so that the echo of the line is not taken for its result.
  const command = `${line}; echo ${done.slice(0, 6)}""${done.slice(6)}\n`;
  const output = untilOutput(terminal, text => text.includes(done));
  terminal.type(Buffer.from(command));
  return output;
}
