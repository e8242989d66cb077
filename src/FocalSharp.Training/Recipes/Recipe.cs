using FocalSharp.Imaging.Augmentation;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Training.Recipes;

/// <summary>Everything that decides a training but the data and the seed. A recipe file lists only what differs from its base.</summary>
public sealed record Recipe
{
    /// <summary>Fewest epochs that a budget of images gives.</summary>
    public const int FewestEpochs = 8;

    /// <summary>Most epochs that a budget of images gives.</summary>
    public const int MostEpochs = 120;

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

    /// <summary>Epochs at the end that train without mosaic and mixup, on images as they will be seen.</summary>
    public int PlainEpochs { get; init; }

    /// <summary>Passes over the training images (official 1x: 12); 0: as many as <see cref="ImageBudget"/> gives.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>
    /// Images to be seen in all where <see cref="Epochs"/> is 0: the epochs follow from the number of training images, within
    /// <see cref="FewestEpochs"/> and <see cref="MostEpochs"/>.
    /// </summary>
    public int ImageBudget { get; init; }

    /// <summary>
    /// Times each image is seen in what is called an epoch; more than 1 makes epochs of tiny sets long enough to measure.
    /// </summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Images a step (official: 16).</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Training images without objects are left out (official: true).</summary>
    public bool DropEmptyImages { get; init; } = true;

    /// <summary>Training images with a side below this are left out (official: 32).</summary>
    public int MinImageSize { get; init; } = 32;

    /// <summary>The optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The learning rate's course.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Decay of the weights' moving average that is judged and kept; 0 keeps the weights themselves (official: 0).</summary>
    public double EmaDecay { get; init; }

    /// <summary>Steps over which the average's decay warms up.</summary>
    public int EmaWarmup { get; init; } = 500;

    /// <summary>Epochs between validations; 0 chooses about ten over the run.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Memory for decoded training images in MiB; what does not fit is decoded anew.</summary>
    public int CacheMegabytes { get; init; } = 2048;

    /// <summary>The recipe for a training set, its epochs known.</summary>
    /// <param name="images">Training images.</param>
    public Recipe ForImages(int images) => Epochs > 0 ? this : this with
    {
        Epochs = Math.Clamp((int)Math.Round((double)ImageBudget / (Math.Max(images, 1) * Repeat)), FewestEpochs, MostEpochs),
    };

    /// <summary>The recipe itself, once its numbers make sense together.</summary>
    /// <exception cref="UserErrorException">A number is out of range, or two are at odds.</exception>
    public Recipe Validated()
    {
        Require(
            Epochs >= 1 || (Epochs == 0 && ImageBudget >= 1),
            $"epochs is {Epochs}; train for at least 1, or give 0 and an imageBudget");
        Require(BatchSize is >= 1 and <= 1024, $"batchSize is {BatchSize}; it must be 1 to 1024");
        Require(Repeat >= 1, $"repeat is {Repeat}; it must be at least 1");
        Require(Input.ShortSide is >= 64 and <= 4096, $"the input is {Input.ShortSide} px; it must be 64 to 4096");
        Require(Input.LongSide >= Input.ShortSide, $"input.longSide {Input.LongSide} is below input.shortSide {Input.ShortSide}");
        Require(
            !Input.SquareCanvas || Input.ShortSide % 32 == 0,
            $"the input is {Input.ShortSide} px; it must be a multiple of 32, as {(Input.ShortSide + 31) / 32 * 32}");
        Require(
            Input.Mode == ResizeMode.KeepRatio || Input.SquareCanvas,
            "input.mode stretch trains on square canvases; set input.squareCanvas: true");
        Require(EmaDecay is >= 0 and < 1, $"emaDecay is {EmaDecay}; it must be 0 to below 1");
        Require(EmaWarmup >= 1, $"emaWarmup is {EmaWarmup}; it must be at least 1");
        Require(Optimizer.LearningRate > 0, $"optimizer.learningRate is {Optimizer.LearningRate}; it must be above 0");
        Require(
            Model.Neck.Levels == Model.Head.Strides.Count,
            $"model.neck.levels is {Model.Neck.Levels}, but model.head.strides lists {Model.Head.Strides.Count}");
        Augmentation.Validate();
        return this;

        void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new UserErrorException($"recipe {Name}: {message}.");
            }
        }
    }
}
