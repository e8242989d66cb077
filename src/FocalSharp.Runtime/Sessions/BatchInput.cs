using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime.Sessions;

/// <summary>The images of one call, read one after another.</summary>
internal abstract class BatchInput
{
    public abstract int Count { get; }

    /// <summary>Reads an image and makes it the current one.</summary>
    public abstract void Load(int index, PixelBuffer buffer);

    /// <summary>Size of the current image.</summary>
    public abstract ImageSize OriginalSize { get; }

    /// <summary>Size of the network's input for the current image.</summary>
    public abstract ImageSize InputSize { get; }

    /// <summary>Adds the current image to a context's batch.</summary>
    public abstract void CopyTo(InferenceContext context, PixelBuffer buffer);
}

/// <summary>Images to decode and resize.</summary>
internal sealed class EncodedBatchInput(IReadOnlyList<ImageSource> images, ImageDecodeOptions options, ResizeRule rule) : BatchInput
{
    private int _current;
    private ImageSize _originalSize;
    private PreparedImage? _large;

    public override int Count => images.Count;

    public override ImageSize OriginalSize => _originalSize;

    public override ImageSize InputSize => rule.GetPaddedSize(_originalSize.Width, _originalSize.Height);

    public override void Load(int index, PixelBuffer buffer)
    {
        _current = index;
        _large = images[index].TryPrepareByRows(rule, options);
        if (_large is not null)
        {
            _originalSize = _large.OriginalSize;
            return;
        }

        PixelView pixels = images[index].View(buffer, options);
        _originalSize = new ImageSize(pixels.Width, pixels.Height);
    }

    public override void CopyTo(InferenceContext context, PixelBuffer buffer)
    {
        if (_large is { } large)
        {
            large.Pixels.CopyTo(context.NextInput());
            context.Add(large.Transform);
            large.Dispose();
            _large = null;
            return;
        }

        context.Add(rule.ResizeInto(images[_current].ViewDecoded(buffer, options), context.NextInput(), InputSize));
    }
}

/// <summary>Images that were resized before.</summary>
internal sealed class PreparedBatchInput(IReadOnlyList<PreparedImage> images) : BatchInput
{
    private PreparedImage? _current;

    public override int Count => images.Count;

    public override ImageSize OriginalSize => _current!.OriginalSize;

    public override ImageSize InputSize => _current!.InputSize;

    public override void Load(int index, PixelBuffer buffer) => _current = images[index];

    public override void CopyTo(InferenceContext context, PixelBuffer buffer)
    {
        _current!.Pixels.CopyTo(context.NextInput());
        context.Add(_current.Transform);
    }
}
