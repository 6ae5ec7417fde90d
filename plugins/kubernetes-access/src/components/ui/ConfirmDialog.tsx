import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import TextField from '@material-ui/core/TextField';
import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import type { Action } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice } from './ErrorNotice';

const MAX_COMMENT_LENGTH = 1000;

interface ConfirmDialogProps {
  isOpen: boolean;
  title: string;
  /** Exactly what will stop, and for whom. */
  children: ReactNode;
  confirmLabel: string;
  /** Asks for a comment as well, which may stay empty. */
  commentLabel?: string;
  commentHelp?: string;
  failedTitle: string;
  action: Action<[comment?: string]>;
  onClose(): void;
}

/** Asks before something stops that somebody may be using. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { action } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const [comment, setComment] = useState('');
  const titleId = useId();
  const textId = useId();
  const commentId = useId();
  return (
    <Dialog
      open={props.isOpen}
      onClose={props.onClose}
      TransitionProps={{ onExited: action.forget }}
      aria-labelledby={titleId}
      aria-describedby={textId}
      fullWidth
      maxWidth="sm"
    >
      <DialogTitle id={titleId}>{props.title}</DialogTitle>
      <DialogContent>
        <DialogContentText id={textId} color="textPrimary">
          {props.children}
        </DialogContentText>
        {props.commentLabel && (
          <TextField
            id={commentId}
            label={props.commentLabel}
            value={comment}
            onChange={event => setComment(event.target.value)}
            inputProps={{ maxLength: MAX_COMMENT_LENGTH }}
            helperText={props.commentHelp}
            variant="outlined"
            multiline
            minRows={2}
            fullWidth
          />
        )}
        {action.error && (
          <ErrorNotice title={props.failedTitle} error={action.error} />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={props.onClose}>{t('ui.cancel')}</Button>
        <Button
          color="primary"
          variant="contained"
          disabled={action.isRunning}
          onClick={() => action.run(comment.trim() || undefined)}
        >
          {action.isRunning ? t('ui.working') : props.confirmLabel}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
