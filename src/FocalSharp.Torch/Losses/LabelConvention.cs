namespace FocalSharp.Torch.Losses;

/// <summary>What an integer label says.</summary>
public enum LabelConvention
{
    /// <summary>0..C−1 are classes; C, and anything negative, is background (mmdetection 2.x and 3.x).</summary>
    BackgroundLast,

    /// <summary>0 is background; 1..C are classes (first official GFL release, mmdetection 1.x).</summary>
    BackgroundFirst,
}
