import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import { copyText } from './copyText';
import type { Shortcut } from './shortcuts';
import { shortcutOf } from './shortcuts';
import type { TerminalLook } from './xtermTheme';

/** What a search has found: which place it has come to, of how many. */
export interface Found {
  index: number;
  count: number;
}

/** Where a search goes: to the match it stands on, while one types, or on from there. */
export type SearchStep = 'here' | 'next' | 'previous';

/** How a screen looks and for whom it is readable. */
export interface ScreenStyle {
  look: TerminalLook;
  fontSize: number;
  screenReader: boolean;
}

/** A terminal on the page. */
export interface Screen {
  terminal: Terminal;
  restyle(style: ScreenStyle): void;
  find(text: string, step: SearchStep): void;
  endSearch(): void;
  /** Puts the screen of a shell that has ended right for another one; what was printed stays above. */
  beginAgain(words: string): void;
  /** Makes it as large as its element. */
  fit(): void;
  dispose(): void;
}

interface ScreenOptions {
  style: ScreenStyle;
  onFound(found: Found): void;
  /** One of the keys that are not for the shell. Copy and paste are done already. */
  onShortcut(shortcut: Shortcut): void;
}

/** Leaves the other screen, mouse, paste and letters as a new shell expects them. */
const AS_NEW =
  '\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[!p\x1b[0m';

/** Puts a terminal into an element. */
export function createScreen(
  element: HTMLElement,
  { style, onFound, onShortcut }: ScreenOptions,
): Screen {
  const terminal = new Terminal({
    ...optionsOf(style),
    allowProposedApi: true,
    cursorBlink: true,
    fontFamily:
      'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    scrollback: 10_000,
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  let { look } = style;
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon(openLink));
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.attachCustomKeyEventHandler(event => {
    const shortcut = shortcutOf(event);
    if (shortcut === undefined) {
      return true;
    }
    if (shortcut === 'copy' && terminal.hasSelection()) {
      copyText(terminal.getSelection());
    }
    // The browser pastes by itself, without asking for a permission.
    if (shortcut !== 'paste') {
      event.preventDefault();
    }
    onShortcut(shortcut);
    return false;
  });
  search.onDidChangeResults(({ resultIndex, resultCount }) =>
    onFound({ index: resultIndex, count: resultCount }),
  );
  terminal.open(element);
  fit.fit();
  // Not before the shell is asked for: it takes some milliseconds.
  const drawing = requestAnimationFrame(() => drawWithWebgl(terminal));
  return {
    terminal,
    restyle: next => {
      look = next.look;
      Object.assign(terminal.options, optionsOf(next));
      fit.fit();
    },
    find: (text, step) => {
      const options = {
        decorations: decorationsOf(look),
        incremental: step === 'here',
      };
      if (step === 'previous') {
        search.findPrevious(text, options);
      } else {
        search.findNext(text, options);
      }
    },
    endSearch: () => search.clearDecorations(),
    beginAgain: words =>
      terminal.write(`${AS_NEW}\r\n\x1b[2m── ${words} ──\x1b[0m\r\n`),
    fit: () => {
      // Behind another tab it has no size, and must not take one.
      if (element.clientHeight > 0) {
        fit.fit();
      }
    },
    dispose: () => {
      cancelAnimationFrame(drawing);
      terminal.dispose();
    },
  };
}

function optionsOf({ look, fontSize, screenReader }: ScreenStyle) {
  return {
    theme: look.theme,
    minimumContrastRatio: look.minimumContrastRatio,
    fontSize,
    screenReaderMode: screenReader,
  };
}

function decorationsOf({ match, activeMatch }: TerminalLook) {
  return {
    matchBackground: match,
    matchOverviewRuler: match,
    activeMatchBackground: activeMatch,
    activeMatchColorOverviewRuler: activeMatch,
  };
}

/** What the container prints is not to be trusted: the page behind a link learns nothing of this one. */
function openLink(_event: MouseEvent, address: string): void {
  window.open(address, '_blank', 'noopener,noreferrer');
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
