/** What `secateur help` prints. */
export function helpText(): string {
  return `Secateur: looks into, prunes and evaluates neural-network model files.

secateur inspect FILE [--no-statistics]         what is inside
secateur plan FILE [how] [data]                 thresholds and counts; writes nothing
secateur prune FILE -o OUT [how] [data]         writes the pruned model
secateur evaluate FILE [--against FILE2] data   metrics on data
secateur run FILE --inputs x.npz --out y.npz    the network's outputs
secateur scores FILE --out s.npz [how] [data]   what a criterion says of each weight, or unit
secateur sweep FILE --criteria C,… [how] data   figures of several criteria at several sparsities
secateur sensitivity FILE [how] data            what each layer alone can lose
secateur audit FILE [--fail-on VERDICT]         what a pickle would run in Python
secateur convert FILE -o OUT.safetensors        the weights alone; --optimizer its state too
secateur pack FILE -o OUT                       the same model in a file without its zeros
secateur unpack FILE -o OUT                     with its zeros again
secateur engines                                what runs networks here, and why not

FILE is an ONNX, PyTorch, Keras, HDF5, TensorFlow.js, safetensors, NumPy or PaddlePaddle file, or
the folder or index file of a model kept in several.

How
  --recipe R.prune.json      everything below, and the model, from a file
  --criterion C              magnitude when absent; docs/criteria.md says which when: random, lamp,
                             l1-norm, l2-norm, bn-scale, fpgm by the file alone; on data gradient,
                             taylor, taylor-squared, snip, grasp, output-sensitivity, fisher, obd, obs,
                             least-squares, wanda, sparsegpt, apoz, activation-mean, entropy, stability
  --option NAME=VALUE        of the criterion, e.g. reduction=l2, hessian=exact, entropy=active
  --granularity G            weight, N:M, block:RxC, unit, unit:input, head    --scope global|layer
  --sparsity S               share of the prunable weights to zero, 0 to 1 (default 0.5), or one of
  --threshold T              all with a score of at most T (tau)
  --std-factor Q             all with |w| of at most Q standard deviations of their layer
  --macs SHARE               the multiply-accumulates that remain    --max-bytes N   the packed size
  --allocation A             uniform, uniform-plus, erk, lamp or sensitivity: each layer's share
  --max-layer-sparsity S     no layer loses more; the others give what it keeps
  --schedule KIND[:STEPS]    linear, agp, cosine or exponential: in steps, each scored anew (10)
  --reconstruct least-squares[:DAMPING]   then update what stays, by the layers' inputs on data
  --mask M.npz               0 goes    --save-mask M.npz   1 was kept, 0 went
  --unit-threshold A         then units whose remaining weights have an L2 norm below A (alpha)
  --layers GLOB,…            only these layers      --exclude GLOB,…   not these
  --seed N                   --gzip                 measure gzip sizes of large models too
  --weight-layout torch|keras   where units lie in files that do not say it (for inspect too)

Data
  --data D                   npz, npy, IDX, csv, JSON lines, Parquet, or a folder of pictures
  --inputs KEY,…             --labels KEY,…|none    arrays, columns (by index too) or files beside
  --split NAME|F@SEED        x_NAME and y_NAME, a folder, or a random share (rest:F@SEED: the others)
  --rows A:B                 --sample N[@SEED][,balanced]   --shuffle SEED
  --size HxW --resize stretch|crop --channels grey|rgb|rgba --antialias   of pictures
  --header --delimiter C     of a csv, where the guess is wrong (--no-header)
  --explain                  (evaluate) what the data holds and how it would be taken
  --scale F                  inputs times F (1/255); an F above 1 divides
  --mean F,… --std F,…       per channel            --layout nchw|nhwc
  --loss ce|ce-logits|mse    --folds K              mean and deviation over K folds
  --top-k K                  top-k accuracy, by default of 5
  --against FILE2            evaluate: FILE and FILE2 on the same samples, with paired tests (FILE less
                             FILE2), agreement of outputs, latency in turn (--no-latency leaves it out)

  --calibration D, --calibration-split, --calibration-rows, --calibration-sample
                             other data, or other rows, for scores than for figures

Sweep
  --criteria A,B@GRANULARITY,…   --sparsities 0:0.9:0.1,0.95   --seeds 0,1,2   --levels S,… (sensitivity)
  --accuracy-drop D | --loss-increase L   the bound of the best point
  --out J.json --csv C.csv

Engine
  --engine auto|tfjs|tfjs-node|onnxruntime   where a network runs: our executor on WebAssembly,
                             on TensorFlow's library (TFJS_NODE_DIR names its folder), or ONNX Runtime

audit --fail-on suspicious|dangerous exits with 5 from that verdict on, for use in CI.

--json prints one JSON document. Progress goes to stderr.
Exit codes: 0 done, 1 internal error, 2 usage, 3 not readable or not valid, 4 valid but not
supported, 5 a bound of the recipe does not hold, 6 reading or writing failed, 130 cancelled.
`;
}
