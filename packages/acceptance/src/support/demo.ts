/** Where the running demo is. */
export interface Demo {
  /** The address of the app and the API, without a slash at the end. */
  url: string;
}

const VARIABLE = 'KUBERNETES_ACCESS_DEMO_URL';

/**
 * Reads where the demo is.
 *
 * @throws Error when no demo runs: these tests never skip
 */
export function readDemo(): Demo {
  const url = process.env[VARIABLE];
  if (!url) {
    throw new Error(
      `${VARIABLE} is not set: run 'npm test -- acceptance' at the root, which starts the demo and sets it`,
    );
  }
  return { url: url.replace(/\/$/, '') };
}
