namespace FocalSharp.Torch.Losses;

/// <summary>The meaning of integer labels.</summary>
public enum LabelConvention
{
    /// <summary>0 to C − 1 are classes; C and negative labels are background (mmdetection 2.x and 3.x).</summary>
    BackgroundLast,

    /// <summary>0 is background; 1 to C are classes (first official GFL release, mmdetection 1.x).</summary>
    BackgroundFirst,
}
