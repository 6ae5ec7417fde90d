import { readFileSync } from 'node:fs';

/** Where the running demo is. */
export interface Demo {
  /** The address of the app and the API, without a slash at the end. */
  url: string;
}

const VARIABLE = 'KUBERNETES_ACCESS_DEMO';

/**
 * Reads where the demo is from the file that `npm start -- --ready-file` wrote.
 *
 * @throws Error when no demo runs: these tests never skip
 */
export function readDemo(): Demo {
  const file = process.env[VARIABLE];
  if (!file) {
    throw new Error(
      `${VARIABLE} names no file: run 'npm test -- acceptance' at the root, or 'npm start -- --ready-file <file>' and set it to that file`,
    );
  }
  const { url } = JSON.parse(readFileSync(file, 'utf8'));
  return { url: String(url).replace(/\/$/, '') };
}
