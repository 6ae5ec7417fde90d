import type { Theme } from '@material-ui/core/styles';

interface Colours {
  background: string;
  foreground: string;
  /** The sixteen colours of terminals, the bright ones last. */
  palette: string[];
}

const DARK: Colours = {
  background: '#101418',
  foreground: '#e6e8eb',
  palette: [
    '#3b4148',
    '#ef6b67',
    '#66bb6a',
    '#d4b106',
    '#64a0f4',
    '#c792ea',
    '#26c6da',
    '#d3d7cf',
    '#8b929a',
    '#ff8a80',
    '#a5d6a7',
    '#ffe57f',
    '#90caf9',
    '#e1bee7',
    '#84ffff',
    '#ffffff',
  ],
};

/** Dark enough to be read on white, also yellow and white. */
const LIGHT: Colours = {
  background: '#fbfbfa',
  foreground: '#1f2328',
  palette: [
    '#1f2328',
    '#b3261e',
    '#1a6e36',
    '#7a5200',
    '#0b57b0',
    '#8a2a8f',
    '#0f6b75',
    '#5b6169',
    '#5b6169',
    '#c6352c',
    '#217d40',
    '#865c06',
    '#1a66c4',
    '#9c3aa1',
    '#167783',
    '#1f2328',
  ],
};

/** The colours that go with the page, as the player wants them. */
export function playerColours({ palette }: Theme): Record<string, string> {
  const colours = palette.type === 'dark' ? DARK : LIGHT;
  return {
    '--term-color-background': colours.background,
    '--term-color-foreground': colours.foreground,
    ...Object.fromEntries(
      colours.palette.map((colour, index) => [`--term-color-${index}`, colour]),
    ),
  };
}
