export { crc32 } from '../../kernels/crc32Kernel';
