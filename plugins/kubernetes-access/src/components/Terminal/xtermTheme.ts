import type { ITheme } from '@xterm/xterm';
import type { TerminalColours } from './terminalSettings';

/** The colours of a terminal. */
export interface TerminalLook {
  theme: ITheme & { background: string };
  /** How far letters must stand out; xterm moves colours of programs that do not. */
  minimumContrastRatio: number;
  /** The frames around what a search has found, and around the place it has come to. */
  match: string;
  activeMatch: string;
}

const DARK: TerminalLook = {
  theme: {
    background: '#101418',
    foreground: '#e6e8eb',
    cursor: '#e6e8eb',
    cursorAccent: '#101418',
    selectionBackground: '#3d5a80',
  },
  minimumContrastRatio: 4.5,
  match: '#5c5320',
  activeMatch: '#a3661b',
};

const LIGHT: TerminalLook = {
  theme: {
    background: '#fbfbfa',
    foreground: '#1f2328',
    cursor: '#1f2328',
    cursorAccent: '#fbfbfa',
    selectionBackground: '#b6d6fb',
    black: '#1f2328',
    red: '#b3261e',
    green: '#1a6e36',
    yellow: '#7a5200',
    blue: '#0b57b0',
    magenta: '#8a2a8f',
    cyan: '#0f6b75',
    white: '#5b6169',
    brightBlack: '#5b6169',
    brightRed: '#c6352c',
    brightGreen: '#217d40',
    brightYellow: '#865c06',
    brightBlue: '#1a66c4',
    brightMagenta: '#9c3aa1',
    brightCyan: '#167783',
    brightWhite: '#1f2328',
  },
  minimumContrastRatio: 4.5,
  match: '#f5e6a8',
  activeMatch: '#f2b84b',
};

/** For projectors, bright light and tired eyes. */
const CONTRAST: TerminalLook = {
  theme: {
    background: '#000000',
    foreground: '#ffffff',
    cursor: '#ffff00',
    cursorAccent: '#000000',
    selectionBackground: '#ffffff',
    selectionForeground: '#000000',
  },
  minimumContrastRatio: 7,
  match: '#004a8f',
  activeMatch: '#8f4a00',
};

/** The colours that somebody has chosen, or those that go with the page around. */
export function terminalLook(
  colours: TerminalColours,
  pageIsDark: boolean,
): TerminalLook {
  switch (colours) {
    case 'light':
      return LIGHT;
    case 'dark':
      return DARK;
    case 'contrast':
      return CONTRAST;
    default:
      return pageIsDark ? DARK : LIGHT;
  }
}
