import VpnKeyIcon from '@material-ui/icons/VpnKeyOutlined';

/** The plugin's icon: a key that has to be given back. */
export function AccessIcon() {
  return <VpnKeyIcon fontSize="inherit" />;
}
