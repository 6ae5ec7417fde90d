import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import WarningIcon from '@material-ui/icons/ReportProblemOutlined';
import { timeOfDay } from '../../format';
import { useLanguage, useSteadyNow } from '../../hooks';
import type { TerminalState } from '../../terminal';
import { kubernetesAccessTranslationRef } from '../../translation';
import { urgencyOf } from './countdown';
import { describeEnd, mayOpenAgain } from './describeEnd';
import { useOnline } from './useOnline';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 36,
    padding: theme.spacing(0.25, 1.5),
    borderTop: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.paper,
    '& button': { flexShrink: 0 },
  },
  words: { flexGrow: 1 },
  warning: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    fontWeight: 600,
  },
  keys: {
    whiteSpace: 'nowrap',
    [theme.breakpoints.down('sm')]: { display: 'none' },
  },
}));

interface TerminalNoteProps {
  state: TerminalState;
  pod: string;
  /** Whether the access under which it was opened still stands. */
  isUsable: boolean;
  /** The element with the hint how to get out by keyboard. */
  hintId: string;
  onOpenAgain(): void;
}

/** The line under the text: always there, so that nothing jumps when it has something to say. */
export function TerminalNote(props: TerminalNoteProps) {
  const { state, isUsable } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const warning = useWarning(state);
  const words = useWords(state, props.pod);
  const hasEnded = state.kind === 'ended';
  return (
    <div className={classes.root}>
      <div className={classes.words}>
        <Typography
          variant="body2"
          component="div"
          role="alert"
          className={classes.warning}
        >
          {warning && (
            <>
              <WarningIcon fontSize="small" aria-hidden />
              {warning}
            </>
          )}
        </Typography>
        <Typography
          variant="body2"
          component="div"
          role="status"
          color={hasEnded ? 'textPrimary' : 'textSecondary'}
        >
          {!warning && words}
        </Typography>
      </div>
      {hasEnded && isUsable && mayOpenAgain(state) && (
        <Button size="small" color="primary" onClick={props.onOpenAgain}>
          {t('terminal.openAgain')}
        </Button>
      )}
      <Typography
        id={props.hintId}
        variant="caption"
        color="textSecondary"
        className={classes.keys}
        hidden={hasEnded}
      >
        {t('terminal.leaveHint')}
      </Typography>
    </div>
  );
}

/** What cannot wait: the network is away, or the time is nearly up. Changes rarely, so that it is spoken rarely. */
function useWarning(state: TerminalState): string | undefined {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const isOnline = useOnline();
  const steadyNow = useSteadyNow();
  if (state.kind !== 'open') {
    return undefined;
  }
  if (!isOnline) {
    return t('terminal.offline');
  }
  const restMs = state.endsAtMs - steadyNow;
  const urgency = urgencyOf(restMs / 1000);
  if (urgency === 'calm') {
    return undefined;
  }
  const now = new Date();
  const time = timeOfDay(
    new Date(now.getTime() + restMs).toISOString(),
    now,
    language,
  );
  return urgency === 'red'
    ? t('terminal.warnRed', { time })
    : t('terminal.warnAmber', { time });
}

function useWords(state: TerminalState, pod: string): string {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  if (state.kind === 'connecting') {
    return t('terminal.connecting', { pod });
  }
  if (state.kind === 'open') {
    return state.isRecorded ? t('terminal.recorded') : t('terminal.open');
  }
  const end = describeEnd(state);
  if ('message' in end) {
    return end.message;
  }
  return end.key === 'endExitCode'
    ? t('terminal.endExitCode', { code: String(end.code) })
    : t(`terminal.${end.key}` as 'terminal.endNormal');
}
