import type { Theme } from '@material-ui/core/styles';
import type { ITheme } from '@xterm/xterm';

/** Dark in both modes, as a terminal is; only the background leans on the page around it. */
export function xtermTheme(theme: Theme): ITheme {
  const isDark = theme.palette.type === 'dark';
  return {
    background: isDark ? '#101418' : '#1b2027',
    foreground: '#e6e8eb',
    cursor: '#e6e8eb',
    selectionBackground: '#4b5b73',
  };
}
