import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type { MouseEvent } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { TouchKey } from './keySequences';

const KEYS: Array<{
  key: TouchKey;
  shown: string;
  label?: 'keyUp' | 'keyDown' | 'keyLeft' | 'keyRight';
}> = [
  { key: 'Escape', shown: 'Esc' },
  { key: 'Tab', shown: 'Tab' },
  { key: 'ArrowUp', shown: '↑', label: 'keyUp' },
  { key: 'ArrowDown', shown: '↓', label: 'keyDown' },
  { key: 'ArrowLeft', shown: '←', label: 'keyLeft' },
  { key: 'ArrowRight', shown: '→', label: 'keyRight' },
  { key: '|', shown: '|' },
  { key: '/', shown: '/' },
  { key: '-', shown: '-' },
  { key: '~', shown: '~' },
];

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.5),
    overflowX: 'auto',
    flexShrink: 0,
    borderTop: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.paper,
  },
  key: {
    minWidth: 40,
    minHeight: 36,
    padding: 0,
    flexShrink: 0,
    textTransform: 'none',
  },
}));

interface TouchKeysProps {
  isControlHeld: boolean;
  onControl(): void;
  onPress(key: TouchKey): void;
}

/** The keys that a phone's keyboard lacks. Ctrl waits for the next key. */
export function TouchKeys(props: TouchKeysProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  // The text keeps the keyboard, or a phone would fold it away.
  const keepFocus = (event: MouseEvent) => event.preventDefault();
  return (
    <div
      role="toolbar"
      aria-label={t('terminal.keys')}
      className={classes.root}
      onMouseDown={keepFocus}
    >
      <Button
        className={classes.key}
        variant={props.isControlHeld ? 'contained' : 'outlined'}
        color={props.isControlHeld ? 'primary' : 'default'}
        size="small"
        aria-pressed={props.isControlHeld}
        onClick={props.onControl}
      >
        Ctrl
      </Button>
      {KEYS.map(({ key, shown, label }) => (
        <Button
          key={key}
          className={classes.key}
          variant="outlined"
          size="small"
          aria-label={label && t(`terminal.${label}`)}
          onClick={() => props.onPress(key)}
        >
          {shown}
        </Button>
      ))}
    </div>
  );
}
