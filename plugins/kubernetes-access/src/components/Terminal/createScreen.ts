import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import type { ITheme } from '@xterm/xterm';
import { Terminal } from '@xterm/xterm';

/** A terminal on the page. */
export interface Screen {
  terminal: Terminal;
  /** Shows the next or previous place with this text; tells whether there is one. */
  find(text: string, direction: 'next' | 'previous'): boolean;
  /** Makes it as large as its element. */
  fit(): void;
  dispose(): void;
}

/** Puts a terminal into an element. */
export function createScreen(
  element: HTMLElement,
  options: { theme: ITheme; fontSize: number },
): Screen {
  const terminal = new Terminal({
    ...options,
    allowProposedApi: true,
    cursorBlink: true,
    fontFamily:
      'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    scrollback: 10_000,
    screenReaderMode: true,
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon());
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.open(element);
  drawWithWebgl(terminal);
  fit.fit();
  return {
    terminal,
    find: (text, direction) =>
      direction === 'next' ? search.findNext(text) : search.findPrevious(text),
    fit: () => fit.fit(),
    dispose: () => terminal.dispose(),
  };
}

/** Where the graphics card cannot be had, or goes away, xterm draws with the page's elements. */
function drawWithWebgl(terminal: Terminal): void {
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    terminal.loadAddon(webgl);
  } catch {
    // No WebGL here: the page's elements do.
  }
}
