export { useAction } from './useAction';
export type { Action } from './useAction';
export { useLanguage } from './useLanguage';
export { useLive } from './useLive';
export type { Live } from './useLive';
export { useNow } from './useNow';
export { useOptionalRouteRef } from './useOptionalRouteRef';
export { useRemaining } from './useRemaining';
export { useSteadyNow } from './useSteadyNow';
