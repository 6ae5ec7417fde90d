/** How a terminal's colours are chosen; `auto` follows Backstage. */
export type TerminalColours = 'auto' | 'light' | 'dark' | 'contrast';

export const COLOURS: TerminalColours[] = ['auto', 'light', 'dark', 'contrast'];

/** What somebody likes their terminals to be like, in this browser. */
export interface TerminalSettings {
  fontSize: number;
  colours: TerminalColours;
  /** Whether the text is there for screen readers too. Costs a little where much is printed. */
  screenReader: boolean;
}

const FONT_SIZES = { min: 9, default: 14, max: 28 };

const DEFAULTS: TerminalSettings = {
  fontSize: FONT_SIZES.default,
  colours: 'auto',
  screenReader: true,
};

const KEY = 'kubernetes-access.terminal';

/** Where settings are kept; `localStorage`, where the browser has one. */
export type SettingsStore = Pick<Storage, 'getItem' | 'setItem'>;

/** Whatever is missing, broken or from another version is as by default. */
export function readSettings(store: SettingsStore): TerminalSettings {
  const stored = parse(store);
  return {
    fontSize: clampFontSize(Number(stored.fontSize) || DEFAULTS.fontSize),
    colours:
      COLOURS.find(colours => colours === stored.colours) ?? DEFAULTS.colours,
    screenReader: stored.screenReader !== false,
  };
}

export function writeSettings(
  store: SettingsStore,
  settings: TerminalSettings,
): void {
  try {
    store.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser may keep nothing, e.g. in private windows. The settings hold until the page goes.
  }
}

export function clampFontSize(size: number): number {
  return Math.min(FONT_SIZES.max, Math.max(FONT_SIZES.min, Math.round(size)));
}

function parse(store: SettingsStore): Partial<Record<string, unknown>> {
  try {
    return Object(JSON.parse(store.getItem(KEY) ?? '{}'));
  } catch {
    return {};
  }
}
