/**
 * Aborted at the first Ctrl-C, so that what was begun is taken back. Whoever insists ends the process at once; then the next `up` or
 * `down` cleans up.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    controller.abort(new Error('interrupted'));
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return controller.signal;
}
