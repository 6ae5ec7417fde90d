import 'asciinema-player/dist/bundle/asciinema-player.css';
import { create } from 'asciinema-player';
import type { Cast } from './cast';

/** The name of the colours in {@link playerColours}. */
export const PLAYER_THEME = 'kubernetes-access';

/** How it is played. */
export interface Playback {
  speed: number;
  /** Pauses are cut to this. */
  idleSeconds?: number;
  /** Where to begin, in seconds of the playback. */
  startAt?: number;
  autoPlay: boolean;
  /** Whether it takes the height that it needs, and not the one that is there. */
  isTall?: boolean;
}

/** A player on the page. */
export interface PlayerOnPage {
  /** Where it is, in seconds of the playback. */
  currentTime(): number;
  focus(): void;
  dispose(): void;
}

/** Puts a player into an element. */
export function createPlayer(
  element: HTMLElement,
  cast: Cast,
  { speed, idleSeconds, startAt, autoPlay, isTall }: Playback,
): PlayerOnPage {
  const header = { version: 2, width: cast.columns, height: cast.rows };
  const player = create({ data: [header, ...cast.events] }, element, {
    theme: PLAYER_THEME,
    fit: isTall ? 'width' : 'both',
    controls: true,
    preload: true,
    speed,
    autoPlay,
    ...(idleSeconds === undefined ? {} : { idleTimeLimit: idleSeconds }),
    ...(startAt === undefined ? {} : { startAt }),
    terminalFontFamily:
      'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  });
  return {
    currentTime: () => player.getCurrentTime(),
    focus: () => focusOn(element),
    dispose: () => player.dispose(),
  };
}

/** The keys of the player work where the focus is within it. */
function focusOn(element: HTMLElement): void {
  element.querySelector<HTMLElement>('[tabindex]')?.focus();
}
