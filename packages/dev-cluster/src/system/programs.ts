import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Also searched when the PATH of an ordinary user leaves them out. */
const SYSTEM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

export function findProgram(
  name: string,
  path: string = process.env.PATH ?? '',
): string | undefined {
  return [...path.split(delimiter).filter(Boolean), ...SYSTEM_FOLDERS]
    .map(folder => join(folder, name))
    .find(isExecutable);
}

export function requireProgram(name: string): string {
  const found = findProgram(name);
  if (!found) {
    throw new Error(`the program ${name} is missing`);
  }
  return found;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
