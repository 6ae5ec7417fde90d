import type {
  EntityTarget,
  RequestLimits,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { durationInSymbols, parseDuration } from '../../format';

/** The fields that somebody can get wrong. */
export type FieldName = 'target' | 'duration' | 'reason';

/** What somebody has filled in so far. */
export interface RequestFormState {
  /** Key of the chosen target; unset until somebody chooses where there is a choice. */
  targetKey?: string;
  duration: string;
  reason: string;
  /** Fields that somebody has been to and left again, where "too short" is no longer premature. */
  left: Record<FieldName, boolean>;
  isSending: boolean;
  error?: Error;
  /** Names what would be sent: another text is another request, the same text sent again is the same one. */
  idempotencyKey: string;
}

export type RequestFormAction =
  | { type: 'choose-target'; targetKey: string; newKey: string }
  | { type: 'change-duration'; duration: string; newKey: string }
  | { type: 'change-reason'; reason: string; newKey: string }
  | { type: 'leave'; field: FieldName }
  | { type: 'send' }
  | { type: 'refuse' }
  | { type: 'fail'; error: Error };

/** Names a target among those of its entity. */
export function keyOf(
  target: Pick<EntityTarget, 'cluster' | 'namespace'>,
): string {
  return `${target.cluster.name}/${target.namespace}`;
}

export function emptyForm(options: {
  targets: EntityTarget[];
  limits: RequestLimits;
  key: string;
}): RequestFormState {
  const possible = options.targets.filter(({ problem }) => !problem);
  return {
    targetKey: possible.length === 1 ? keyOf(possible[0]) : undefined,
    duration: durationInSymbols(options.limits.defaultDurationSeconds),
    reason: '',
    left: { target: false, duration: false, reason: false },
    isSending: false,
    idempotencyKey: options.key,
  };
}

/** The next state. What makes no sense in a state, such as typing while the form is being sent, changes nothing. */
export function requestFormReducer(
  state: RequestFormState,
  action: RequestFormAction,
): RequestFormState {
  switch (action.type) {
    case 'choose-target':
      return changed(state, { targetKey: action.targetKey }, action.newKey);
    case 'change-duration':
      return changed(state, { duration: action.duration }, action.newKey);
    case 'change-reason':
      return changed(state, { reason: action.reason }, action.newKey);
    case 'leave':
      return { ...state, left: { ...state.left, [action.field]: true } };
    case 'send':
      return { ...state, isSending: true, error: undefined };
    case 'refuse':
      return { ...state, left: { target: true, duration: true, reason: true } };
    case 'fail':
      return state.isSending
        ? { ...state, isSending: false, error: action.error }
        : state;
    default:
      return state;
  }
}

function changed(
  state: RequestFormState,
  fields: Partial<RequestFormState>,
  newKey: string,
): RequestFormState {
  return state.isSending
    ? state
    : { ...state, ...fields, error: undefined, idempotencyKey: newKey };
}

/** What is wrong with a field. The words are the translation's. */
export type FieldProblem =
  | { field: 'target'; kind: 'missing' }
  | { field: 'duration'; kind: 'unreadable' | 'too-short' | 'too-long' }
  | { field: 'reason'; kind: 'too-short' | 'too-long'; by: number };

/** A filled-in form, ready to be sent. */
export interface FilledForm {
  target: EntityTarget;
  durationSeconds: number;
  reason: string;
}

/** Either everything that is needed, or what is wrong, field by field from top to bottom. */
export type Validation =
  | { isValid: true; filled: FilledForm }
  | { isValid: false; problems: FieldProblem[] };

export function validate(
  state: RequestFormState,
  targets: EntityTarget[],
  limits: RequestLimits,
): Validation {
  const target = targets.find(
    candidate => !candidate.problem && keyOf(candidate) === state.targetKey,
  );
  const durationSeconds = parseDuration(state.duration);
  const reason = state.reason.trim();
  const problems = [
    ...(target ? [] : [{ field: 'target', kind: 'missing' } as const]),
    ...durationProblems(durationSeconds, limits),
    ...reasonProblems(reason, limits),
  ];
  return target && durationSeconds !== undefined && problems.length === 0
    ? { isValid: true, filled: { target, durationSeconds, reason } }
    : { isValid: false, problems };
}

function durationProblems(
  seconds: number | undefined,
  limits: RequestLimits,
): FieldProblem[] {
  if (seconds === undefined) {
    return [{ field: 'duration', kind: 'unreadable' }];
  }
  if (seconds < limits.minDurationSeconds) {
    return [{ field: 'duration', kind: 'too-short' }];
  }
  return seconds > limits.maxDurationSeconds
    ? [{ field: 'duration', kind: 'too-long' }]
    : [];
}

function reasonProblems(reason: string, limits: RequestLimits): FieldProblem[] {
  const { length } = reason;
  if (length < limits.minReasonLength) {
    const by = limits.minReasonLength - length;
    return [{ field: 'reason', kind: 'too-short', by }];
  }
  if (length > limits.maxReasonLength) {
    const by = length - limits.maxReasonLength;
    return [{ field: 'reason', kind: 'too-long', by }];
  }
  return [];
}

const COMMON_DURATIONS = [15, 30, 60, 120, 240, 480].map(
  minutes => minutes * 60,
);

/** Durations to pick from, within the limits; never none. */
export function durationChoices(limits: RequestLimits): number[] {
  const { minDurationSeconds, maxDurationSeconds, defaultDurationSeconds } =
    limits;
  const within = COMMON_DURATIONS.filter(
    seconds => seconds >= minDurationSeconds && seconds <= maxDurationSeconds,
  );
  return [...new Set([...within, defaultDurationSeconds])].sort(
    (a, b) => a - b,
  );
}
