import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { TerminalLook } from '../Terminal/xtermTheme';

/** Between what can still be read and what is large enough. */
const FONT = { smallest: 5, largest: 16 };

/** How a screen looks and for whom it is readable. */
export interface WatchStyle {
  look: TerminalLook;
  screenReader: boolean;
}

/** A screen on which nobody types. */
export interface WatchScreen {
  /** As it was before anything was shown. */
  begin(columns: number, rows: number): void;
  resize(columns: number, rows: number): void;
  /** Resolves when it is drawn, so that nobody sends more than is drawn. */
  write(text: string): Promise<void>;
  dispose(): void;
}

/**
 * Puts somebody else's screen into an element. It has the size of theirs, whatever room there is here: only the
 * letters grow and shrink.
 */
export function createWatchScreen(
  element: HTMLElement,
  { look, screenReader }: WatchStyle,
): WatchScreen {
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorInactiveStyle: 'block',
    disableStdin: true,
    fontFamily:
      'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: FONT.largest,
    minimumContrastRatio: look.minimumContrastRatio,
    screenReaderMode: screenReader,
    scrollback: 1_000,
    theme: look.theme,
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  // Keys are for the page, so that one gets out of it again.
  terminal.attachCustomKeyEventHandler(() => false);
  terminal.open(element);

  const fit = () => {
    const drawn = element.querySelector<HTMLElement>('.xterm-screen');
    if (!drawn || drawn.clientWidth === 0) {
      return;
    }
    const { fontSize = FONT.largest } = terminal.options;
    const room = Math.min(
      element.clientWidth / drawn.clientWidth,
      element.clientHeight / drawn.clientHeight,
    );
    const wanted = Math.floor(fontSize * room * 2) / 2;
    terminal.options.fontSize = Math.min(
      FONT.largest,
      Math.max(FONT.smallest, wanted),
    );
  };
  const observer = new ResizeObserver(fit);
  observer.observe(element);
  const resize = (columns: number, rows: number) => {
    terminal.resize(columns, rows);
    fit();
  };
  return {
    begin: (columns, rows) => {
      terminal.reset();
      resize(columns, rows);
    },
    resize,
    write: text => new Promise(resolve => terminal.write(text, resolve)),
    dispose: () => {
      observer.disconnect();
      terminal.dispose();
    },
  };
}
