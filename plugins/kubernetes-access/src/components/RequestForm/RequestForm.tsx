import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { EntityAccess } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import type { FormEvent } from 'react';
import { useRef } from 'react';
import { parseDuration } from '../../format';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice } from '../ui';
import { Consequences } from './Consequences';
import { DurationField } from './DurationField';
import { FieldLabel } from './FieldLabel';
import { ReasonField } from './ReasonField';
import { TargetField } from './TargetField';
import { useRequestForm } from './useRequestForm';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(3, 5),
    padding: theme.spacing(3),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
    [theme.breakpoints.up('md')]: {
      gridTemplateColumns: 'minmax(0, 720px) minmax(240px, 360px)',
    },
  },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2.5),
    alignContent: 'start',
  },
}));

interface RequestFormProps {
  /** With at least one target in which something can be asked for. */
  access: EntityAccess;
  /** Has everything around the form look again. */
  onSent(): Promise<void>;
}

/** One short form: where, what, how long, why; beside it what that leads to. */
export function RequestForm({ access, onSent }: RequestFormProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const form = useRequestForm(access, onSent);
  const { state } = form;
  const targetRef = useRef<HTMLInputElement>(null);
  const durationRef = useRef<HTMLInputElement>(null);
  const reasonRef = useRef<HTMLTextAreaElement>(null);
  const durationProblem = form.problemOf('duration');
  const reasonProblem = form.problemOf('reason');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (form.problemOf('target')) {
      targetRef.current?.focus();
    } else if (durationProblem) {
      durationRef.current?.focus();
    } else if (reasonProblem) {
      reasonRef.current?.focus();
    }
    // `send` never rejects.
    form.send();
  };

  return (
    <Paper variant="outlined" className={classes.root}>
      <form
        onSubmit={submit}
        aria-label={t('form.title')}
        noValidate
        className={classes.fields}
      >
        <TargetField
          targets={access.targets}
          value={state.targetKey}
          isMissing={state.left.target && Boolean(form.problemOf('target'))}
          inputRef={targetRef}
          onChange={form.chooseTarget}
        />
        <div>
          <FieldLabel>{t('form.what')}</FieldLabel>
          <Typography variant="body2">{t('form.levelExec')}</Typography>
        </div>
        <DurationField
          value={state.duration}
          limits={access.limits}
          problem={durationProblem}
          inputRef={durationRef}
          onChange={form.changeDuration}
          onLeave={() => form.leave('duration')}
        />
        <ReasonField
          value={state.reason}
          limits={access.limits}
          problem={reasonProblem}
          isAlarming={reasonProblem?.kind === 'too-long' || state.left.reason}
          inputRef={reasonRef}
          onChange={form.changeReason}
          onLeave={() => form.leave('reason')}
        />
        {state.error && (
          <ErrorNotice title={t('form.failed')} error={state.error} />
        )}
        <div>
          <Button
            type="submit"
            variant="contained"
            color="primary"
            aria-disabled={state.isSending}
          >
            {state.isSending ? t('form.sending') : t('form.send')}
          </Button>
        </div>
      </form>
      <Consequences
        approvers={access.approvers}
        limits={access.limits}
        durationSeconds={
          durationProblem ? undefined : parseDuration(state.duration)
        }
      />
    </Paper>
  );
}
