namespace FocalSharp.Reporting;

/// <summary>The columns of <c>metrics.csv</c>. A row is an interval of training steps or an evaluation.</summary>
internal static class MetricsColumns
{
    /// <summary>Completed epochs, with a fraction within an epoch.</summary>
    public const string Epoch = "epoch";

    /// <summary>Completed steps.</summary>
    public const string Step = "step";

    /// <summary>Sum of the three losses.</summary>
    public const string Loss = "loss";

    /// <summary>Quality Focal Loss, weighted.</summary>
    public const string QualityLoss = "loss_quality";

    /// <summary>GIoU loss, weighted.</summary>
    public const string BoxLoss = "loss_box";

    /// <summary>Distribution Focal Loss, weighted.</summary>
    public const string DistributionLoss = "loss_distribution";

    /// <summary>Positive locations per batch.</summary>
    public const string Positives = "positives";

    /// <summary>Learning rate.</summary>
    public const string LearningRate = "lr";

    /// <summary>Global norm of the gradients before clipping.</summary>
    public const string GradientNorm = "grad_norm";

    /// <summary>Images per second.</summary>
    public const string ImagesPerSecond = "images_per_second";

    /// <summary>Validation AP.</summary>
    public const string AP = "AP";

    /// <summary>Validation AP at IoU 0.5.</summary>
    public const string AP50 = "AP50";

    /// <summary>Validation AP at IoU 0.75.</summary>
    public const string AP75 = "AP75";

    /// <summary>Quality Focal Loss on the evaluation images, weighted.</summary>
    public const string ValidationQualityLoss = "val_loss_quality";

    /// <summary>GIoU loss on the evaluation images, weighted.</summary>
    public const string ValidationBoxLoss = "val_loss_box";

    /// <summary>Distribution Focal Loss on the evaluation images, weighted.</summary>
    public const string ValidationDistributionLoss = "val_loss_distribution";

    /// <summary>Gets all columns in order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Epoch, Step, Loss, QualityLoss, BoxLoss, DistributionLoss, Positives, LearningRate, GradientNorm, ImagesPerSecond, AP, AP50, AP75,
        ValidationQualityLoss, ValidationBoxLoss, ValidationDistributionLoss,
    ];
}
