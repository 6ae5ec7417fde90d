import { Children } from './Children.mjs';
import { say } from './say.mjs';

/** npm passes on a Ctrl-C that the terminal has already sent us; within this time two are one. */
const SAME_SIGNAL_MS = 700;

/** How often to look whether npm, which started us, is still there. */
const PARENT_CHECK_MS = 1000;

/**
 * Runs `main(children)` and sees to it that everything it started ends with it: at its end, at an error, at Ctrl-C
 * and when our parent vanishes. A second Ctrl-C kills what takes too long. Exits with the code that `main` returns.
 */
export async function runUntilStopped(main) {
  const children = new Children();
  let firstSignal;

  const onSignal = signal => {
    if (firstSignal && Date.now() - firstSignal.at < SAME_SIGNAL_MS) return;
    if (firstSignal) {
      say(`killing ${children.names().join(', ') || 'what is left'}`);
      children.killAll();
      process.exit(signalExitCode(signal));
    }
    firstSignal = { at: Date.now(), code: signalExitCode(signal) };
    say(`stopping (${signal}); once more kills what is left`);
    children.stopAll().then(
      () => process.exit(firstSignal.code),
      () => process.exit(1),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, onSignal);
  }
  stopWithNpm(onSignal);

  try {
    const code = await main(children);
    if (firstSignal) return;
    await children.stopAll();
    process.exit(code ?? 0);
  } catch (error) {
    // While a signal stops everything, what fails is only a consequence of it.
    if (firstSignal) return;
    console.error(`\n${error.message}\n`);
    await children.stopAll();
    process.exit(1);
  }
}

const signalExitCode = signal => ({ SIGHUP: 129, SIGINT: 130 }[signal] ?? 143);

/** npm that was killed tells nobody; one notices by its shell, our parent, being gone. */
function stopWithNpm(onSignal) {
  if (!process.env.npm_lifecycle_event) return;

  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    onSignal('SIGTERM');
  }, PARENT_CHECK_MS).unref();
}
