import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import type { TerminalState } from '../../terminal';
import { kubernetesAccessTranslationRef } from '../../translation';
import { connectShell } from './connectShell';
import type { Found, Screen, ScreenStyle } from './createScreen';
import { createScreen } from './createScreen';
import type { ShellTarget } from './openTerminals';
import type { Shortcut } from './shortcuts';

interface TerminalOptions {
  target: ShellTarget;
  /** Another round opens another session on the same screen. */
  round: number;
  style: ScreenStyle;
  onInput(text: string): string;
  onState(state: TerminalState): void;
  onFound(found: Found): void;
  onShortcut(shortcut: Shortcut): void;
}

/**
 * Shows a shell in an element and keeps it as large as the element. The connection belongs to target and round: it is
 * made once, and closed when the component goes.
 */
export function useTerminal(options: TerminalOptions) {
  const { target, round, style } = options;
  const api = useApi(kubernetesAccessApiRef);
  const identityApi = useApi(identityApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [screen, setScreen] = useState<Screen>();
  const latest = useRef({ ...options, t });
  latest.current = { ...options, t };
  const { requestId, namespace, pod, container } = target;

  useLayoutEffect(() => {
    if (!element) {
      return undefined;
    }
    const made = createScreen(element, {
      style: latest.current.style,
      onFound: found => latest.current.onFound(found),
      onShortcut: shortcut => latest.current.onShortcut(shortcut),
    });
    const observer = new ResizeObserver(() => made.fit());
    observer.observe(element);
    setScreen(made);
    return () => {
      observer.disconnect();
      made.dispose();
      setScreen(undefined);
    };
  }, [element]);

  useLayoutEffect(() => {
    if (!screen) {
      return undefined;
    }
    if (round > 1) {
      screen.beginAgain(latest.current.t('terminal.newShell'));
    }
    return connectShell({
      api,
      identityApi,
      terminal: screen.terminal,
      target: { requestId, namespace, pod, container },
      onInput: text => latest.current.onInput(text),
      onState: state => latest.current.onState(state),
    });
  }, [api, identityApi, screen, round, requestId, namespace, pod, container]);

  const { look, fontSize, screenReader } = style;
  useEffect(() => {
    screen?.restyle({ look, fontSize, screenReader });
  }, [screen, look, fontSize, screenReader]);

  return { ref: setElement, screen };
}
