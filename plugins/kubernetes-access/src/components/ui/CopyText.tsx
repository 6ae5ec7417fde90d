import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import CheckIcon from '@material-ui/icons/Check';
import CopyIcon from '@material-ui/icons/FileCopyOutlined';
import { useEffect, useState } from 'react';
import useCopyToClipboard from 'react-use/esm/useCopyToClipboard';
import { kubernetesAccessTranslationRef } from '../../translation';

const SHOWN_MS = 2_000;

/** Copies a text, and says so for a moment. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const [, copy] = useCopyToClipboard();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    const timer = isCopied
      ? setTimeout(() => setCopied(false), SHOWN_MS)
      : undefined;
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button
      variant="outlined"
      size="small"
      startIcon={isCopied ? <CheckIcon /> : <CopyIcon />}
      onClick={() => {
        copy(text);
        setCopied(true);
      }}
    >
      <span aria-live="polite">{isCopied ? t('ui.copied') : label}</span>
    </Button>
  );
}
