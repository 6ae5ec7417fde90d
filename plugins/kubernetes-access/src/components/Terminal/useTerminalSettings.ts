import { useCallback, useState } from 'react';
import type { SettingsStore, TerminalSettings } from './terminalSettings';
import { readSettings, writeSettings } from './terminalSettings';

/** `localStorage` may be missing altogether; even to look at it may then fail, which the caller minds. */
const browserStore: SettingsStore = {
  getItem: key => window.localStorage.getItem(key),
  setItem: (key, value) => window.localStorage.setItem(key, value),
};

/** How somebody likes their terminals, remembered in this browser. */
export function useTerminalSettings() {
  const [settings, setSettings] = useState(() => readSettings(browserStore));
  const change = useCallback((changed: Partial<TerminalSettings>) => {
    setSettings(previous => {
      const next = { ...previous, ...changed };
      writeSettings(browserStore, next);
      return next;
    });
  }, []);
  return { settings, change };
}
