import { useCallback, useEffect, useState } from 'react';

/** Chromium can leave the Escape key to the page, where it belongs to the editor in the terminal. */
interface KeyboardLock {
  lock?(keys: string[]): Promise<void>;
  unlock?(): void;
}

/**
 * The whole page goes to full screen and the caller fills it, so that dialogs and menus are still above. Where the
 * browser refuses, e.g. in a frame, the caller fills the window.
 */
export function useFullScreen() {
  const [isFullScreen, setFullScreen] = useState(false);
  useEffect(() => {
    const update = () => {
      if (!document.fullscreenElement) {
        setFullScreen(false);
      }
    };
    document.addEventListener('fullscreenchange', update);
    return () => document.removeEventListener('fullscreenchange', update);
  }, []);
  // Whoever goes to another page must not be left with it.
  useEffect(() => leave, []);
  const toggleFullScreen = useCallback(() => {
    setFullScreen(!isFullScreen);
    if (isFullScreen) {
      leave();
    } else {
      enter();
    }
  }, [isFullScreen]);
  return { isFullScreen, toggleFullScreen };
}

function enter(): void {
  document.documentElement
    .requestFullscreen?.()
    .then(() => keyboard()?.lock?.(['Escape']))
    // Refused: the window it is.
    .catch(() => undefined);
}

function leave(): void {
  keyboard()?.unlock?.();
  if (document.fullscreenElement) {
    document.exitFullscreen().catch(() => undefined);
  }
}

function keyboard(): KeyboardLock | undefined {
  return (navigator as { keyboard?: KeyboardLock }).keyboard;
}
