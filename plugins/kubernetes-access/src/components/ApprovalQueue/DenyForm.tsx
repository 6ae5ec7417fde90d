import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEntityPresentation } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import TextField from '@material-ui/core/TextField';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { FormEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { FieldHelp } from '../ui';

const MAX_LENGTH = 1000;

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  buttons: { display: 'flex', gap: theme.spacing(1) },
}));

interface DenyFormProps {
  requester: string;
  isRunning: boolean;
  onDeny(comment: string): void;
  onCancel(): void;
}

/** A denial without a word helps nobody. */
export function DenyForm(props: DenyFormProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const { primaryTitle: person } = useEntityPresentation(props.requester);
  const fieldId = useId();
  const helpId = useId();
  const [comment, setComment] = useState('');
  const [isMissing, setMissing] = useState(false);
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  // It comes at a click on "Deny…", whose button is gone with it: the focus must not get lost.
  useEffect(() => fieldRef.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = comment.trim();
    if (!text) {
      setMissing(true);
      return;
    }
    props.onDeny(text);
  };

  return (
    <form onSubmit={submit} noValidate className={classes.root}>
      <Typography variant="body2">
        {t('approvals.denyTitle', { person })}
      </Typography>
      <TextField
        id={fieldId}
        label={t('approvals.denyReason')}
        value={comment}
        onChange={event => {
          setComment(event.target.value);
          setMissing(false);
        }}
        error={isMissing}
        // Red is too pale for letters of this size; the border tells.
        InputLabelProps={{ error: false }}
        inputProps={{ maxLength: MAX_LENGTH, 'aria-describedby': helpId }}
        variant="outlined"
        multiline
        minRows={2}
        fullWidth
        inputRef={fieldRef}
      />
      {isMissing && (
        <FieldHelp id={helpId} isWrong>
          {t('approvals.denyMissing', { person })}
        </FieldHelp>
      )}
      <div className={classes.buttons}>
        <Button
          type="submit"
          variant="contained"
          color="primary"
          disabled={props.isRunning}
        >
          {props.isRunning
            ? t('approvals.denying')
            : t('approvals.denyConfirm')}
        </Button>
        <Button onClick={props.onCancel} disabled={props.isRunning}>
          {t('ui.cancel')}
        </Button>
      </div>
    </form>
  );
}
