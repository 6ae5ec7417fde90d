import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import IconButton from '@material-ui/core/IconButton';
import InputBase from '@material-ui/core/InputBase';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import DownIcon from '@material-ui/icons/KeyboardArrowDown';
import UpIcon from '@material-ui/icons/KeyboardArrowUp';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { Found, SearchStep } from './createScreen';

const useStyles = makeStyles(theme => ({
  // Over the text and not above it, so that nothing moves.
  box: {
    position: 'absolute',
    zIndex: 20,
    top: theme.spacing(1),
    right: theme.spacing(2.5),
    maxWidth: `calc(100% - ${theme.spacing(4)}px)`,
    display: 'flex',
    alignItems: 'center',
    padding: theme.spacing(0.25, 0.5, 0.25, 1.5),
  },
  input: {
    width: 200,
    minWidth: 60,
    fontSize: theme.typography.body2.fontSize,
  },
  count: { whiteSpace: 'nowrap', minWidth: '5.5em', textAlign: 'right' },
}));

interface SearchBoxProps {
  find(text: string, step: SearchStep): void;
  /** What the latest look has found. */
  found: Found;
  onClose(): void;
}

/** Looks for something in what the terminal has printed. Enter goes on, Shift+Enter back, Escape closes. */
export function SearchBox({ find, found, onClose }: SearchBoxProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [text, setText] = useState('');
  const inputRef = useRef<HTMLInputElement>(null);
  // Whoever opens the search wants to type what to look for.
  useEffect(() => inputRef.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      find(text, event.shiftKey ? 'previous' : 'next');
    }
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <Paper className={classes.box} role="search" elevation={4}>
      <InputBase
        inputRef={inputRef}
        className={classes.input}
        value={text}
        placeholder={t('terminal.search')}
        inputProps={{ 'aria-label': t('terminal.search') }}
        onKeyDown={onKeyDown}
        onChange={event => {
          setText(event.target.value);
          find(event.target.value, 'here');
        }}
      />
      <Typography variant="body2" role="status" className={classes.count}>
        {words()}
      </Typography>
      <IconButton
        size="small"
        aria-label={t('terminal.searchPrevious')}
        onClick={() => find(text, 'previous')}
      >
        <UpIcon fontSize="small" />
      </IconButton>
      <IconButton
        size="small"
        aria-label={t('terminal.searchNext')}
        onClick={() => find(text, 'next')}
      >
        <DownIcon fontSize="small" />
      </IconButton>
      <IconButton
        size="small"
        aria-label={t('terminal.searchClose')}
        onClick={onClose}
      >
        <CloseIcon fontSize="small" />
      </IconButton>
    </Paper>
  );

  function words(): string {
    if (text === '') {
      return '';
    }
    if (found.count === 0) {
      return t('terminal.searchNone');
    }
    // Where there are too many, the place among them is not known.
    return found.index < 0
      ? t('terminal.searchMany', { total: String(found.count) })
      : t('terminal.searchCount', {
          index: String(found.index + 1),
          total: String(found.count),
        });
  }
}
