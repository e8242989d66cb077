namespace FocalSharp.Torch.Detectors;

/// <summary>What class scores learn.</summary>
public enum ClassificationLoss
{
    /// <summary>Quality Focal Loss: the IoU of the decoded box (paper, eq. 5; official).</summary>
    Quality,

    /// <summary>Focal Loss: 1 at positives, whatever the box's quality (arXiv 1708.02002): the paper's baseline.</summary>
    Focal,
}
