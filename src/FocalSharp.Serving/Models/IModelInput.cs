using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Serving.Models;

/// <summary>An image ready to run; its memory is pooled: dispose it.</summary>
public interface IModelInput : IDisposable
{
    /// <summary>Size of the original image, after its EXIF orientation.</summary>
    ImageSize OriginalSize { get; }
}
