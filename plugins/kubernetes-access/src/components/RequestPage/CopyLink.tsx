import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import CheckIcon from '@material-ui/icons/Check';
import LinkIcon from '@material-ui/icons/Link';
import { useEffect, useState } from 'react';
import useCopyToClipboard from 'react-use/esm/useCopyToClipboard';
import { kubernetesAccessTranslationRef } from '../../translation';

const SHOWN_MS = 2_000;

/** Copies the address of this page. */
export function CopyLink() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const [, copy] = useCopyToClipboard();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    const timer = isCopied
      ? setTimeout(() => setCopied(false), SHOWN_MS)
      : undefined;
    return () => clearTimeout(timer);
  }, [isCopied]);

  const label = t(isCopied ? 'ui.copied' : 'ui.copyLink');
  return (
    <Tooltip title={label}>
      <IconButton
        size="small"
        aria-label={label}
        onClick={() => {
          copy(window.location.href);
          setCopied(true);
        }}
      >
        {isCopied ? <CheckIcon /> : <LinkIcon />}
      </IconButton>
    </Tooltip>
  );
}
