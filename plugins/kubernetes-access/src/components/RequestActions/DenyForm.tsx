import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEntityPresentation } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';

const MAX_LENGTH = 1000;

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  buttons: { display: 'flex', gap: theme.spacing(1.5) },
}));

interface DenyFormProps {
  requester: string;
  isRunning: boolean;
  onDeny(reason: string): void;
  onCancel(): void;
}

/** A denial without a word helps nobody. */
export function DenyForm(props: DenyFormProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const requester = useEntityPresentation(props.requester).primaryTitle;
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = reason.trim();
    if (!text) {
      setMissing(true);
      return;
    }
    props.onDeny(text);
  };

  return (
    <form onSubmit={submit} noValidate className={classes.root}>
      <TextField
        autoFocus
        label={t('actions.denyReason')}
        value={reason}
        onChange={event => {
          setReason(event.target.value);
          setMissing(false);
        }}
        error={isMissing}
        helperText={t(
          isMissing ? 'actions.denyMissing' : 'actions.denyReasonHelp',
          { requester },
        )}
        inputProps={{ maxLength: MAX_LENGTH }}
        variant="outlined"
        multiline
        minRows={2}
        fullWidth
      />
      <div className={classes.buttons}>
        <Button
          type="submit"
          variant="contained"
          color="primary"
          disabled={props.isRunning}
        >
          {t('actions.denyConfirm')}
        </Button>
        <Button onClick={props.onCancel} disabled={props.isRunning}>
          {t('ui.cancel')}
        </Button>
      </div>
    </form>
  );
}
