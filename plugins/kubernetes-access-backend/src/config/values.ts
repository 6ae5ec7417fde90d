import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/** A part of the configuration with the path under which people find it. */
export interface Section {
  readonly config: Config;
  readonly path: string;
}

/** A mistyped key must not silently leave a default in place. */
export function refuseUnknownKeys(section: Section, known: string[]): void {
  for (const key of section.config.keys()) {
    if (!known.includes(key)) {
      throw new InputError(
        `Unknown key '${key}' in config at '${
          section.path
        }'; known are ${known.join(', ')}`,
      );
    }
  }
}

/** The section below a key, empty when it is not there. */
export function subsection(
  section: Section,
  key: string,
  known: string[],
): Section | undefined {
  const config = section.config.getOptionalConfig(key);
  if (!config) {
    return undefined;
  }
  const child = { config, path: `${section.path}.${key}` };
  refuseUnknownKeys(child, known);
  return child;
}

/** The sections of a list. */
export function sections(
  section: Section,
  key: string,
  known: string[],
): Section[] {
  const configs = section.config.getOptionalConfigArray(key) ?? [];
  return configs.map((config, index) => {
    const child = { config, path: `${section.path}.${key}[${index}]` };
    refuseUnknownKeys(child, known);
    return child;
  });
}

/** A duration in whole seconds. */
export function readSeconds(
  section: Section | undefined,
  key: string,
  fallback: number,
  { min = 1 }: { min?: 0 | 1 } = {},
): number {
  if (!section?.config.has(key)) {
    return fallback;
  }
  const seconds =
    durationToMilliseconds(readDurationFromConfig(section.config, { key })) /
    1000;
  if (!Number.isInteger(seconds) || seconds < min) {
    throw new InputError(
      `Invalid duration in config at '${section.path}.${key}': it must be ${
        min === 0 ? 'none' : 'one'
      } or more whole seconds`,
    );
  }
  return seconds;
}

/** A whole number within bounds. */
export function readInteger(
  section: Section | undefined,
  key: string,
  bounds: { fallback: number; min: number; max: number },
): number {
  const value = section?.config.getOptionalNumber(key) ?? bounds.fallback;
  if (!Number.isInteger(value) || value < bounds.min || value > bounds.max) {
    throw new InputError(
      `Invalid number in config at '${section?.path}.${key}': it must be a whole number from ${bounds.min} to ${bounds.max}`,
    );
  }
  return value;
}

/** Full entity refs of some kinds, normalised. */
export function readEntityRefs(
  section: Section,
  key: string,
  kinds: string[] = ['user', 'group'],
): string[] {
  const refs = section.config.getOptionalStringArray(key) ?? [];
  return [...new Set(refs.map(ref => readEntityRef(ref)))];

  function readEntityRef(ref: string): string {
    const parsed = parse(ref);
    if (!parsed || !kinds.includes(parsed.kind.toLocaleLowerCase('en-US'))) {
      throw new InputError(
        `Invalid entity ref '${ref}' in config at '${
          section.path
        }.${key}': it must be a full ref of a ${kinds.join(
          ' or ',
        )}, such as '${kinds.at(-1)}:default/platform'`,
      );
    }
    return stringifyEntityRef(parsed);
  }
}

function parse(ref: string) {
  try {
    return parseEntityRef(ref, { defaultNamespace: 'default' });
  } catch {
    return undefined;
  }
}

/** One of a closed list of words. */
export function readWord<T extends string>(
  section: Section,
  key: string,
  words: readonly T[],
  fallback: T,
): T {
  const value = section.config.getOptionalString(key) ?? fallback;
  const word = words.find(candidate => candidate === value);
  if (!word) {
    throw new InputError(
      `Invalid value '${value}' in config at '${
        section.path
      }.${key}': it must be ${words.join(' or ')}`,
    );
  }
  return word;
}

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Names of namespaces as Kubernetes allows them. */
export function readNamespaces(section: Section, key: string): string[] {
  const names = section.config.getOptionalStringArray(key) ?? [];
  for (const name of names) {
    assertNamespace(name, `${section.path}.${key}`);
  }
  return names;
}

export function assertNamespace(name: string, path: string): void {
  if (!NAMESPACE.test(name)) {
    throw new InputError(
      `Invalid namespace '${name}' in config at '${path}': Kubernetes allows 1 to 63 lowercase letters, digits and dashes`,
    );
  }
}
