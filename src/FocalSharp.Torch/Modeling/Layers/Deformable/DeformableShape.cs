namespace FocalSharp.Torch.Modeling.Layers.Deformable;

/// <summary>The sizes of a deformable convolution; pairs are height and width, or y and x.</summary>
internal sealed record DeformableShape
{
    /// <summary>Gets the number of images.</summary>
    public required int Batch { get; init; }

    /// <summary>Gets the number of input channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Gets the number of output channels.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Gets the size of the input map.</summary>
    public required (int Height, int Width) Map { get; init; }

    /// <summary>Gets the size of the kernel.</summary>
    public required (int Height, int Width) Kernel { get; init; }

    /// <summary>Gets the stride.</summary>
    public (int Y, int X) Stride { get; init; } = (1, 1);

    /// <summary>Gets the zero padding on each side.</summary>
    public (int Y, int X) Padding { get; init; }

    /// <summary>Gets the distance between neighboring points of the kernel.</summary>
    public (int Y, int X) Dilation { get; init; } = (1, 1);

    /// <summary>Gets the number of groups of the product: output channels of a group read its input channels only.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Gets the number of groups of input channels that have their own offsets.</summary>
    public int OffsetGroups { get; init; } = 1;

    /// <summary>Gets the size of the output map.</summary>
    public (int Height, int Width) Out =>
        (Length(Map.Height, Kernel.Height, Stride.Y, Padding.Y, Dilation.Y), Length(Map.Width, Kernel.Width, Stride.X, Padding.X, Dilation.X));

    /// <summary>Gets the number of output locations of all images.</summary>
    public int Rows => Batch * Out.Height * Out.Width;

    /// <summary>Gets the number of points of the kernel.</summary>
    public int Points => Kernel.Height * Kernel.Width;

    /// <summary>Gets the number of input channels of a group of the product.</summary>
    public int GroupChannels => Channels / Groups;

    private static int Length(int map, int kernel, int stride, int padding, int dilation) => ((map + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;
}
