import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import ButtonBase from '@material-ui/core/ButtonBase';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { OpenTerminal } from './openTerminals';
import { StateDot } from './StateDot';

const useStyles = makeStyles((theme: Theme) => ({
  list: {
    display: 'flex',
    height: '100%',
    overflowX: 'auto',
    scrollbarWidth: 'none',
  },
  tab: {
    display: 'flex',
    justifyContent: 'flex-start',
    gap: theme.spacing(1),
    // Room for the end of the pod's name; what is more than fits is scrolled to.
    minWidth: 150,
    maxWidth: 420,
    flexShrink: 1,
    padding: theme.spacing(0, 1.5),
    fontSize: theme.typography.body2.fontSize,
    fontFamily: theme.typography.fontFamily,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    borderBottom: '2px solid transparent',
    '&[aria-selected="true"]': {
      borderBottomColor: theme.palette.primary.main,
    },
    '&:focus-visible': { backgroundColor: theme.palette.action.focus },
  },
  // The pods of a component differ in how their names end, so it is the beginning that gives way.
  pod: {
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    direction: 'rtl',
  },
  container: { flexShrink: 0, fontWeight: 600 },
}));

/** The ids by which a terminal's tab and its text know of each other. */
export function tabIds(prefix: string, key: number) {
  return { tabId: `${prefix}-tab-${key}`, panelId: `${prefix}-panel-${key}` };
}

interface TerminalTabsProps {
  terminals: OpenTerminal[];
  activeKey: number | undefined;
  idPrefix: string;
  onShow(key: number, withKeyboard: boolean): void;
  onEnd(key: number): void;
}

/** Where the open terminals are, one tab each. With arrow keys one looks at them, with Enter one goes in. */
export function TerminalTabs(props: TerminalTabsProps) {
  const { terminals, activeKey } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const listRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    listRef.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [activeKey]);
  if (terminals.length === 0) {
    return null;
  }
  return (
    <div
      ref={listRef}
      role="tablist"
      aria-label={t('terminal.tabs')}
      className={classes.list}
    >
      {terminals.map(terminal => {
        const { key, target, state } = terminal;
        const { tabId, panelId } = tabIds(props.idPrefix, key);
        const number = numberOf(terminal, terminals);
        return (
          <ButtonBase
            key={key}
            id={tabId}
            role="tab"
            aria-selected={key === activeKey}
            aria-controls={panelId}
            tabIndex={key === activeKey ? 0 : -1}
            className={classes.tab}
            title={`${target.pod} ▸ ${target.container}`}
            onClick={() => props.onShow(key, true)}
            onKeyDown={onKeyDown}
          >
            <StateDot
              kind={state.kind}
              label={t(`terminal.${state.kind}`, { pod: target.pod })}
            />
            <span className={classes.pod}>
              <bdi>{target.pod}</bdi>
            </span>
            <span className={classes.container}>
              ▸ {target.container}
              {number > 1 ? ` (${number})` : ''}
            </span>
          </ButtonBase>
        );
      })}
    </div>
  );

  function onKeyDown(event: KeyboardEvent) {
    const index = terminals.findIndex(({ key }) => key === activeKey);
    const to = {
      ArrowLeft: Math.max(0, index - 1),
      ArrowRight: Math.min(terminals.length - 1, index + 1),
      Home: 0,
      End: terminals.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const { key } = terminals[to];
      props.onShow(key, false);
      document.getElementById(tabIds(props.idPrefix, key).tabId)?.focus();
    }
    if (event.key === 'Delete' && activeKey !== undefined) {
      props.onEnd(activeKey);
    }
  }
}

/** The how many-th it is in its container. */
function numberOf(terminal: OpenTerminal, all: OpenTerminal[]): number {
  const { pod, container, namespace } = terminal.target;
  return (
    all
      .filter(
        ({ target }) =>
          target.pod === pod &&
          target.container === container &&
          target.namespace === namespace,
      )
      .indexOf(terminal) + 1
  );
}
