/* Required by the back end before everything else: when whoever started it is gone, even by kill -9, it ends too. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
