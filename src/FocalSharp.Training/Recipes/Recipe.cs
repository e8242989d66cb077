using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Torch.Native;

namespace FocalSharp.Training.Recipes;

/// <summary>All settings of a training except the data and the seed. A recipe file lists only what differs from its base.</summary>
public sealed record Recipe
{
    /// <summary>The minimum number of epochs of a <see cref="SampleBudget"/>.</summary>
    public const int MinBudgetEpochs = 8;

    /// <summary>The maximum number of epochs of a <see cref="SampleBudget"/>.</summary>
    public const int MaxBudgetEpochs = 120;

    /// <summary>Gets the name.</summary>
    public string Name { get; init; } = "gfl-r50-1x";

    /// <summary>Gets the purpose and the expected AP.</summary>
    public string Description { get; init; } = "";

    /// <summary>Gets the detector; its classes come from the data set.</summary>
    public DetectorOptions Model { get; init; } = new();

    /// <summary>Gets how images are resized.</summary>
    public InputOptions Input { get; init; } = new();

    /// <summary>Gets the augmentation of training samples.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Gets the fraction of the run, at its end, that trains without mosaic, mix-up and copy-paste (official: 0).</summary>
    public double CloseMosaicFraction { get; init; }

    /// <summary>Gets the passes over the training images (official 1x: 12); 0 to derive them from <see cref="SampleBudget"/>.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>
    /// Gets the total number of training samples if <see cref="Epochs"/> is 0: the epochs follow from the number of training images, between
    /// <see cref="MinBudgetEpochs"/> and <see cref="MaxBudgetEpochs"/>.
    /// </summary>
    public int SampleBudget { get; init; }

    /// <summary>
    /// Gets the total number of training samples after which a run with a time limit ends, even if time is left, because long fine-tuning on few
    /// images overfits; 0 to derive it from <see cref="MaxBudgetFactor"/> (official: 0).
    /// </summary>
    public int MaxSamples { get; init; }

    /// <summary>
    /// Gets how many times the samples that follow from <see cref="SampleBudget"/> a run with a time limit trains at most, if
    /// <see cref="MaxSamples"/> is 0; 0 for no maximum (official: 0).
    /// </summary>
    public int MaxBudgetFactor { get; init; }

    /// <summary>
    /// Gets how often each image is used in an epoch; more than 1 makes the epochs of small data sets longer.
    /// </summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Gets the images per batch (official: 16).</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// Gets whether a batch that does not fit into memory is split into parts whose gradients are accumulated (official: false). A run saves
    /// the result as <see cref="BatchSize"/> and <see cref="Accumulate"/>.
    /// </summary>
    public bool AutoBatch { get; init; }

    /// <summary>
    /// Gets the batches whose gradients are averaged into one step, for batches that do not fit into memory (official: 1). Batch norms and the
    /// averages of the losses still depend on one batch at a time.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// Gets which batches the statistics of batch norms come from if several ranks train together (default: those of all ranks). It has no effect on
    /// frozen batch norms, on other norms, and in a single process.
    /// </summary>
    public NormSynchronization Norms { get; init; } = NormSynchronization.Sync;

    /// <summary>
    /// Gets how gradients are sent if several ranks train together: float32 (default), or bfloat16, which halves the bytes and rounds each gradient
    /// before it is sent and each sum. It has no effect in a single process.
    /// </summary>
    public Precision GradientPrecision { get; init; } = Precision.Float32;

    /// <summary>
    /// Gets the frozen parameters: names, or patterns with <c>*</c>, for example <c>backbone</c> or <c>neck.*.bias</c> (official: none beyond
    /// <c>model.backbone.frozenStages</c>). The statistics of a batch norm that is completely frozen are frozen too.
    /// </summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>
    /// Gets the fraction of the training images below which a class is sampled more often: images are drawn in proportion to
    /// max(1, √(threshold / fraction)) of their rarest class (LVIS's repeat factors, arXiv 1908.03195, section 4.2: 0.001). The length of an
    /// epoch does not change. 0: all images alike (official).
    /// </summary>
    public double RepeatFactorThreshold { get; init; }

    /// <summary>Gets whether training images without objects are left out (official: true).</summary>
    public bool DropEmptyImages { get; init; } = true;

    /// <summary>Gets the side in pixels below which training images are left out (official: 32).</summary>
    public int MinImageSize { get; init; } = 32;

    /// <summary>Gets the optimizer.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Gets how pretrained weights enter the training.</summary>
    public TransferOptions Transfer { get; init; } = new();

    /// <summary>Gets the losses that draw the student to a teacher, if the training has one.</summary>
    public DistillationOptions Distillation { get; init; } = new();

    /// <summary>Gets which settings are measured on held-out training images before training.</summary>
    public TuningOptions Tuning { get; init; } = new();

    /// <summary>Gets the learning-rate schedule.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Gets the decay of the moving average of the weights, which is evaluated and saved; 0 for none (official: 0).</summary>
    public double EmaDecay { get; init; }

    /// <summary>Gets the steps over which the decay of the moving average warms up. Default: 500.</summary>
    public int EmaWarmup { get; init; } = 500;

    /// <summary>Gets the epochs between evaluations; 0 for at most eight evaluations in a run. Default: 1.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Gets the evaluations without a better AP after which the run stops; 0 for no limit (official: 0).</summary>
    public int Patience { get; init; }

    /// <summary>
    /// Gets the minutes that the run may take, including evaluations and the report. The schedule is rescaled to them during the run;
    /// <see cref="Epochs"/> is ignored, and <see cref="MaxSamples"/> ends the run earlier. 0 for no limit (official: 0).
    /// </summary>
    public double Minutes { get; init; }

    /// <summary>
    /// Gets what to do with an image that cannot be read (default: skip). What reading the data set finds is left out before training; an image
    /// that fails later is replaced by the next one, and named in the result.
    /// </summary>
    public FailureAction OnBadImage { get; init; } = FailureAction.Skip;

    /// <summary>Gets the maximum size of an image in megapixels. Default: 100.</summary>
    public int MaxMegapixels { get; init; } = 100;

    /// <summary>Gets the memory for decoded training images in MiB; other images are decoded each time. Default: 2048.</summary>
    public int CacheMegabytes { get; init; } = 2048;

    /// <summary>
    /// Gets the disk space for decoded training images in MiB that do not fit into memory; 0 for none. It is worthwhile if images are much
    /// larger than the network's input. Default: 0.
    /// </summary>
    public int CacheDiskMegabytes { get; init; }

    /// <summary>Gets the folder of the disk cache, which later runs use too; empty for the run's folder, where it is deleted at the end. Default: empty.</summary>
    public string CacheFolder { get; init; } = "";

    /// <summary>Gets how often checkpoints are saved.</summary>
    public CheckpointOptions Checkpoint { get; init; } = new();

    /// <summary>Gets how bad steps are detected and handled.</summary>
    public LossGuardOptions LossGuard { get; init; } = new();

    /// <summary>Gets how images are decoded.</summary>
    internal ImageDecodeOptions DecodeOptions => new() { MaxPixels = MaxMegapixels * 1_000_000L, StretchRange = Input.StretchRange };

    /// <summary>Gets the images per step of the optimizer.</summary>
    internal int ImagesPerStep => BatchSize * Accumulate;

    /// <summary>Returns the recipe with the epochs, and the samples of a run with a time limit, for a training set.</summary>
    /// <param name="images">The number of training images.</param>
    public Recipe WithEpochsForImages(int images)
    {
        if (Epochs > 0)
        {
            return this;
        }

        int samples = Math.Max(images, 1) * Repeat;
        int epochs = Math.Clamp((int)Math.Round((double)SampleBudget / samples), MinBudgetEpochs, MaxBudgetEpochs);
        return this with
        {
            Epochs = epochs,
            MaxSamples = MaxSamples > 0 || Minutes <= 0 ? MaxSamples : (int)Math.Min(int.MaxValue, (long)MaxBudgetFactor * epochs * samples),
        };
    }

    /// <summary>Returns the recipe without tuning.</summary>
    internal Recipe WithoutTuning() => this with { Tuning = Tuning with { TrialFraction = 0 } };

    /// <summary>Returns the recipe with the sample budget for its input size.</summary>
    /// <param name="size">The input size in pixels that the budget is meant for.</param>
    internal Recipe WithSampleBudgetFrom(int size) => Epochs > 0 ? this : this with
    {
        SampleBudget = Math.Max(1, (int)Math.Round(SampleBudget * GetSampleFactor(size, Input.ShortSide))),
    };

    /// <summary>Returns how many times the samples a run has with another input size, so that it takes about the same time: that of the same pixels.</summary>
    /// <param name="from">The input size in pixels that the number of samples is meant for.</param>
    /// <param name="to">The other input size.</param>
    internal static double GetSampleFactor(int from, int to) => (double)from * from / ((double)to * to);

    /// <summary>Checks the recipe and returns it.</summary>
    /// <exception cref="OptionException">A value is out of its range, or two values conflict.</exception>
    public Recipe Validate()
    {
        Require(
            Epochs >= 1 || (Epochs == 0 && SampleBudget >= 1),
            $"epochs is {Epochs}; it must be at least 1, or 0 together with a sampleBudget");
        Require(BatchSize is >= 1 and <= 1024, $"batchSize is {BatchSize}; it must be 1 to 1024");
        Require(Accumulate is >= 1 and <= 1024, $"accumulate is {Accumulate}; it must be 1 to 1024");
        Require(GradientPrecision is Precision.Float32 or Precision.BFloat16, "gradientPrecision must be float32 or bfloat16");
        Require(Minutes is >= 0 and <= 1e6, $"minutes is {Minutes}; it must be 0 (no limit) or more");
        Require(MaxSamples >= 0, $"maxSamples is {MaxSamples}; it must be 0 (no maximum) or more");
        Require(MaxBudgetFactor >= 0, $"maxBudgetFactor is {MaxBudgetFactor}; it must be 0 (no maximum) or more");
        Require(Patience >= 0, $"patience is {Patience}; it must be 0 (no limit) or more");
        Require(CacheMegabytes >= 0 && CacheDiskMegabytes >= 0, "cacheMegabytes and cacheDiskMegabytes must be 0 or more");
        Require(Checkpoint is { Minutes: >= 0, Steps: >= 0 }, "checkpoint.minutes and checkpoint.steps must be 0 (never) or more");
        Require(Checkpoint.MinSeconds >= 0, "checkpoint.minSeconds must be 0 (every epoch) or more");
        Require(MaxMegapixels is >= 1 and <= 10_000, $"maxMegapixels is {MaxMegapixels}; it must be 1 to 10000");
        Require(Repeat >= 1, $"repeat is {Repeat}; it must be at least 1");
        Require(Input.ShortSide is >= 64 and <= 4096, $"the input is {Input.ShortSide} px; it must be 64 to 4096");
        Require(Input.LongSide >= Input.ShortSide, $"input.longSide {Input.LongSide} is below input.shortSide {Input.ShortSide}");
        Require(
            !Input.SquareCanvas || Input.ShortSide % 32 == 0,
            $"the input is {Input.ShortSide} px; it must be a multiple of 32, for example {(Input.ShortSide + 31) / 32 * 32}");
        Require(
            Input.Mode == ResizeMode.KeepRatio || Input.SquareCanvas,
            $"input.mode {char.ToLowerInvariant(Input.Mode.ToString()[0])}{Input.Mode.ToString()[1..]} trains on square canvases; set input.squareCanvas: true");
        Require(CloseMosaicFraction is >= 0 and <= 1, $"closeMosaicFraction is {CloseMosaicFraction}; it must be 0 to 1, a fraction of the run");
        Require(RepeatFactorThreshold is >= 0 and <= 1, $"repeatFactorThreshold is {RepeatFactorThreshold}; it must be 0 (off) to 1, a fraction of the images");
        Require(EmaDecay is >= 0 and < 1, $"emaDecay is {EmaDecay}; it must be 0 to below 1");
        Require(EmaWarmup >= 1, $"emaWarmup is {EmaWarmup}; it must be at least 1");
        Require(Optimizer.LayerDecay is > 0 and <= 1, $"optimizer.layerDecay is {Optimizer.LayerDecay}; it must be above 0, and at most 1 (off)");
        Require(Optimizer.LearningRate > 0, $"optimizer.learningRate is {Optimizer.LearningRate}; it must be above 0");
        Require(
            Model.Neck.Levels == Model.Head.Strides.Count,
            $"model.neck.levels is {Model.Neck.Levels}, but model.head.strides lists {Model.Head.Strides.Count}");
        Augmentation.Validate();
        LossGuard.Validate();
        Transfer.Validate();
        Distillation.Validate();
        Tuning.Validate();
        return this;

        void Require(bool condition, string message) => OptionException.ThrowUnless(condition, $"recipe {Name}: {message}.");
    }
}
