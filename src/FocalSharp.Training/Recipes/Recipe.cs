using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Training.Recipes;

/// <summary>Everything that decides a training but the data and the seed. A recipe file lists only what differs from its base.</summary>
public sealed record Recipe
{
    /// <summary>Fewest epochs that a budget of images gives.</summary>
    public const int MinBudgetEpochs = 8;

    /// <summary>Most epochs that a budget of images gives.</summary>
    public const int MaxBudgetEpochs = 120;

    /// <summary>The recipe's name, as <c>--recipe</c> takes it.</summary>
    public string Name { get; init; } = "gfl-r50-1x";

    /// <summary>What it is for, and the AP to expect.</summary>
    public string Description { get; init; } = "";

    /// <summary>The detector; its classes come from the data.</summary>
    public DetectorOptions Model { get; init; } = new();

    /// <summary>Resizing.</summary>
    public InputOptions Input { get; init; } = new();

    /// <summary>Augmentation of training samples.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Share of the run, at its end, that trains without mosaic, mix-up and copy-paste, on images as they will be seen (official: 0).</summary>
    public double CloseMosaicFraction { get; init; }

    /// <summary>Passes over the training images (official 1x: 12); 0: as many as <see cref="SampleBudget"/> gives.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>
    /// Images to be seen in all where <see cref="Epochs"/> is 0: the epochs follow from the number of training images, within
    /// <see cref="MinBudgetEpochs"/> and <see cref="MaxBudgetEpochs"/>.
    /// </summary>
    public int SampleBudget { get; init; }

    /// <summary>
    /// Times each image is seen in what is called an epoch; more than 1 makes epochs of tiny sets long enough to measure.
    /// </summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Images that go through the network at once (official: 16).</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// Whether a batch that memory does not hold is cut into parts, whose gradients are accumulated (official: false). A run writes down
    /// what it found as <see cref="BatchSize"/> and <see cref="Accumulate"/>.
    /// </summary>
    public bool AutoBatch { get; init; }

    /// <summary>
    /// Batches whose gradients are averaged into one step, for batches larger than memory holds (official: 1). Norms that use the
    /// batch's statistics, and the losses' averages, still see one batch at a time.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// Parameters that stay as they are: names, or patterns with <c>*</c>, as <c>backbone</c> or <c>neck.*.bias</c> (official: none
    /// beyond <c>model.backbone.frozenStages</c>). A batch norm that is frozen whole keeps its statistics too.
    /// </summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>
    /// Share of the training images below which a class is seen more often: images are drawn in proportion to their rarest class's
    /// max(1, √(balance / share)) (LVIS's repeat factors, arXiv 1908.03195, section 4.2: 0.001). The epoch keeps its length. 0: each image
    /// alike (official).
    /// </summary>
    public double RepeatFactorThreshold { get; init; }

    /// <summary>Training images without objects are left out (official: true).</summary>
    public bool DropEmptyImages { get; init; } = true;

    /// <summary>Training images with a side below this are left out (official: 32).</summary>
    public int MinImageSize { get; init; } = 32;

    /// <summary>The optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>What is asked of weights that training starts from.</summary>
    public TransferOptions Transfer { get; init; } = new();

    /// <summary>The learning rate's course.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Decay of the weights' moving average that is judged and kept; 0 keeps the weights themselves (official: 0).</summary>
    public double EmaDecay { get; init; }

    /// <summary>Steps over which the average's decay warms up.</summary>
    public int EmaWarmup { get; init; } = 500;

    /// <summary>Epochs between evaluations; 0 evaluates at most eight times over the run. Default: 1.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Judgements without a better AP after which the run ends early; 0 never (official: 0).</summary>
    public int Patience { get; init; }

    /// <summary>
    /// Minutes that the run may take, judgements and report included; the schedule is fitted to them while it runs, whatever
    /// <see cref="Epochs"/> says. 0: no bound (official: 0).
    /// </summary>
    public double Minutes { get; init; }

    /// <summary>Memory for decoded training images in MiB; what does not fit is decoded anew (default: 2048).</summary>
    public int CacheMegabytes { get; init; } = 2048;

    /// <summary>
    /// Room on disk for decoded training images in MiB, for what memory does not hold; 0 uses none (default: 0). It pays where
    /// images are much larger than the network's input.
    /// </summary>
    public int CacheDiskMegabytes { get; init; }

    /// <summary>Folder of the disk's images, kept for later runs; empty: within the run's folder, removed at the end (default).</summary>
    public string CacheFolder { get; init; } = "";

    /// <summary>How often the state is kept for <c>--resume</c>.</summary>
    public CheckpointOptions Checkpoint { get; init; } = new();

    /// <summary>The watch over losses and gradients.</summary>
    public LossGuardOptions LossGuard { get; init; } = new();

    /// <summary>Images that one step of the optimiser learns from.</summary>
    internal int ImagesPerStep => BatchSize * Accumulate;

    /// <summary>The recipe for a training set, its epochs known.</summary>
    /// <param name="images">Training images.</param>
    public Recipe WithEpochsForImages(int images) => Epochs > 0 ? this : this with
    {
        Epochs = Math.Clamp((int)Math.Round((double)SampleBudget / (Math.Max(images, 1) * Repeat)), MinBudgetEpochs, MaxBudgetEpochs),
    };

    /// <summary>The recipe itself, once its numbers make sense together.</summary>
    /// <exception cref="FocalSharpException">A number is out of range, or two are at odds.</exception>
    public Recipe Validate()
    {
        Require(
            Epochs >= 1 || (Epochs == 0 && SampleBudget >= 1),
            $"epochs is {Epochs}; train for at least 1, or give 0 and an sampleBudget");
        Require(BatchSize is >= 1 and <= 1024, $"batchSize is {BatchSize}; it must be 1 to 1024");
        Require(Accumulate is >= 1 and <= 1024, $"accumulate is {Accumulate}; it must be 1 to 1024");
        Require(Minutes is >= 0 and <= 1e6, $"minutes is {Minutes}; it must be 0 (no bound) or more");
        Require(Patience >= 0, $"patience is {Patience}; it must be 0 (never) or more");
        Require(CacheMegabytes >= 0 && CacheDiskMegabytes >= 0, "cacheMegabytes and cacheDiskMegabytes must be 0 or more");
        Require(Checkpoint is { Minutes: >= 0, Steps: >= 0 }, "checkpoint.minutes and checkpoint.steps must be 0 (never) or more");
        Require(Repeat >= 1, $"repeat is {Repeat}; it must be at least 1");
        Require(Input.ShortSide is >= 64 and <= 4096, $"the input is {Input.ShortSide} px; it must be 64 to 4096");
        Require(Input.LongSide >= Input.ShortSide, $"input.longSide {Input.LongSide} is below input.shortSide {Input.ShortSide}");
        Require(
            !Input.SquareCanvas || Input.ShortSide % 32 == 0,
            $"the input is {Input.ShortSide} px; it must be a multiple of 32, as {(Input.ShortSide + 31) / 32 * 32}");
        Require(
            Input.Mode == ResizeMode.KeepRatio || Input.SquareCanvas,
            "input.mode stretch trains on square canvases; set input.squareCanvas: true");
        Require(CloseMosaicFraction is >= 0 and <= 1, $"closeMosaicFraction is {CloseMosaicFraction}; it must be 0 to 1, a share of the run");
        Require(RepeatFactorThreshold is >= 0 and <= 1, $"balance is {RepeatFactorThreshold}; it must be 0 (off) to 1, a share of the images");
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
        return this;

        void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new FocalSharpException($"recipe {Name}: {message}.");
            }
        }
    }
}
