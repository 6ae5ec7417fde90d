/** One requirement of a label selector. */
export interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  values: string[];
}

/** The longest selector that is accepted; ten labels fit several times. */
const MAX_LENGTH = 1000;

const KEY =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/;
const EQUALITY = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/;

/**
 * Parses a label selector in Kubernetes' string form.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 *
 * @returns the requirements, or one sentence that says what is wrong. A selector that would match every pod of
 *   a namespace, or all but some, is wrong here: access is given to pods that are named, never to the rest.
 */
export function parsePodSelector(text: string): Requirement[] | string {
  if (text.trim() === '') {
    return 'The label selector is empty and would match every pod';
  }
  if (text.length > MAX_LENGTH) {
    return `The label selector is longer than ${MAX_LENGTH} characters`;
  }
  const requirements: Requirement[] = [];
  for (const part of splitRequirements(text)) {
    const requirement = parseRequirement(part.trim());
    if (!requirement) {
      return `'${part.trim()}' is not a requirement of a label selector`;
    }
    requirements.push(requirement);
  }
  const namesPods = requirements.some(
    ({ operator }) => operator === 'In' || operator === 'Exists',
  );
  return namesPods
    ? requirements
    : 'The label selector only says which pods are not meant; add a label that the pods have';
}

/** Splits at commas that are not between parentheses. */
function splitRequirements(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

function parseRequirement(text: string): Requirement | undefined {
  const requirement =
    parseSet(text) ?? parseEquality(text) ?? parseExistence(text);
  const isValid =
    requirement &&
    KEY.test(requirement.key) &&
    requirement.values.every(value => VALUE.test(value));
  return isValid ? requirement : undefined;
}

function parseSet(text: string): Requirement | undefined {
  const match = SET.exec(text);
  return (
    (match && {
      key: match[1],
      operator: match[2] === 'in' ? 'In' : 'NotIn',
      values: match[3].split(',').map(value => value.trim()),
    }) ??
    undefined
  );
}

function parseEquality(text: string): Requirement | undefined {
  const match = EQUALITY.exec(text);
  return (
    (match && {
      key: match[1],
      operator: match[2] === '!=' ? 'NotIn' : 'In',
      values: [match[3]],
    }) ??
    undefined
  );
}

function parseExistence(text: string): Requirement | undefined {
  return text.startsWith('!')
    ? { key: text.slice(1).trim(), operator: 'DoesNotExist', values: [] }
    : { key: text, operator: 'Exists', values: [] };
}
