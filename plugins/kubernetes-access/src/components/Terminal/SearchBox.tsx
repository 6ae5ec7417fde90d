import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import IconButton from '@material-ui/core/IconButton';
import InputBase from '@material-ui/core/InputBase';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import DownIcon from '@material-ui/icons/KeyboardArrowDown';
import UpIcon from '@material-ui/icons/KeyboardArrowUp';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';

const useStyles = makeStyles(theme => ({
  box: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0, 1.5),
    borderBottom: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.paper,
  },
  input: { flexGrow: 1, fontSize: theme.typography.body2.fontSize },
}));

interface SearchBoxProps {
  /** Looks for the text from where the last match was; tells whether there is one. */
  find(text: string, direction: 'next' | 'previous'): boolean;
  onClose(): void;
}

/** Looks for something in what the terminal has printed. Enter goes on, Shift+Enter back, Escape closes. */
export function SearchBox({ find, onClose }: SearchBoxProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [text, setText] = useState('');
  const [isFound, setFound] = useState(true);
  const inputRef = useRef<HTMLInputElement>(null);
  // Whoever opens the search wants to type what to look for.
  useEffect(() => inputRef.current?.focus(), []);
  const look = (wanted: string, direction: 'next' | 'previous') =>
    setFound(wanted === '' || find(wanted, direction));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      look(text, event.shiftKey ? 'previous' : 'next');
    }
    if (event.key === 'Escape') {
      onClose();
    }
  };
  return (
    <div className={classes.box} role="search">
      <InputBase
        inputRef={inputRef}
        className={classes.input}
        value={text}
        placeholder={t('terminal.search')}
        inputProps={{ 'aria-label': t('terminal.search') }}
        onKeyDown={onKeyDown}
        onChange={event => {
          setText(event.target.value);
          look(event.target.value, 'next');
        }}
      />
      <Typography variant="body2" color="textSecondary" role="status">
        {isFound ? '' : t('terminal.searchNone')}
      </Typography>
      <IconButton
        size="small"
        aria-label={t('terminal.searchPrevious')}
        onClick={() => look(text, 'previous')}
      >
        <UpIcon fontSize="small" />
      </IconButton>
      <IconButton
        size="small"
        aria-label={t('terminal.searchNext')}
        onClick={() => look(text, 'next')}
      >
        <DownIcon fontSize="small" />
      </IconButton>
    </div>
  );
}
