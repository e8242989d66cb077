using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Sessions;

/// <summary>The images of one call, looked at one after the other.</summary>
internal abstract class BatchSource
{
    public abstract int Count { get; }

    /// <summary>Makes an image the current one.</summary>
    public abstract void Open(int index, PixelBuffer buffer);

    /// <summary>Size of the current image.</summary>
    public abstract ImageSize Original { get; }

    /// <summary>Size of the input that it takes.</summary>
    public abstract ImageSize InputSize { get; }

    /// <summary>Writes the current image into the lane's next picture.</summary>
    public abstract void Place(Lane lane, PixelBuffer buffer);
}

/// <summary>Images to decode and resize.</summary>
internal sealed class SourceBatch(IReadOnlyList<ImageSource> images, ImageDecodeOptions options, ResizeRule rule) : BatchSource
{
    private int _current;
    private ImageSize _original;

    public override int Count => images.Count;

    public override ImageSize Original => _original;

    public override ImageSize InputSize => rule.PaddedSizeOf(_original.Width, _original.Height);

    public override void Open(int index, PixelBuffer buffer)
    {
        _current = index;
        PixelView pixels = images[index].View(buffer, options);
        _original = new ImageSize(pixels.Width, pixels.Height);
    }

    public override void Place(Lane lane, PixelBuffer buffer) =>
        lane.Add(rule.Into(images[_current].Opened(buffer, options), lane.Next(), InputSize));
}

/// <summary>Images that are ready.</summary>
internal sealed class PreparedBatch(IReadOnlyList<PreparedImage> images) : BatchSource
{
    private PreparedImage? _current;

    public override int Count => images.Count;

    public override ImageSize Original => _current!.Original;

    public override ImageSize InputSize => _current!.InputSize;

    public override void Open(int index, PixelBuffer buffer) => _current = images[index];

    public override void Place(Lane lane, PixelBuffer buffer)
    {
        _current!.Pixels.CopyTo(lane.Next());
        lane.Add(_current.Frame);
    }
}
