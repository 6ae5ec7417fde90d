/** From when on a countdown looks worried, and alarmed, in seconds. */
const AMBER_SECONDS = 10 * 60;
const RED_SECONDS = 2 * 60;

/** How urgent the rest of the time is. */
export type Urgency = 'calm' | 'amber' | 'red';

export function urgencyOf(seconds: number): Urgency {
  if (seconds < RED_SECONDS) {
    return 'red';
  }
  return seconds < AMBER_SECONDS ? 'amber' : 'calm';
}

/** `59:07`, or `2:05:09` from an hour on. Never less than nothing. */
export function formatCountdown(totalSeconds: number): string {
  const rest = Math.max(0, Math.floor(totalSeconds));
  const hours = Math.floor(rest / 3600);
  const minutes = Math.floor((rest % 3600) / 60);
  const seconds = rest % 60;
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds)}`
    : `${minutes}:${two(seconds)}`;
}
