import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import { makeStyles } from '@material-ui/core/styles';
import { useId } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { OpenTerminal } from './openTerminals';

const useStyles = makeStyles(theme => ({
  button: {
    '&.Mui-focusVisible': {
      outline: `2px solid ${theme.palette.text.primary}`,
      outlineOffset: 2,
    },
  },
}));

interface EndDialogProps {
  terminal: OpenTerminal;
  onCancel(): void;
  onEnd(): void;
}

/** Asks before a shell stops in which something may run. */
export function EndDialog({ terminal, onCancel, onEnd }: EndDialogProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  // Without MUI's ripple for the focus: under React 18 it fails when the Tab key is faster than the dialog.
  const button = { className: classes.button, disableFocusRipple: true };
  const titleId = useId();
  const textId = useId();
  const { pod, container } = terminal.target;
  return (
    <Dialog
      open
      onClose={onCancel}
      aria-labelledby={titleId}
      aria-describedby={textId}
    >
      <DialogTitle id={titleId}>{t('terminal.endTitle')}</DialogTitle>
      <DialogContent>
        <DialogContentText id={textId} color="textPrimary">
          {t('terminal.endText', { pod, container })}
        </DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button {...button} onClick={onCancel}>
          {t('ui.cancel')}
        </Button>
        <Button {...button} color="primary" variant="contained" onClick={onEnd}>
          {t('terminal.endShell')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
