namespace FocalSharp.Serving.Uploads;

/// <summary>What one request carried: its images, encoded, and the form fields beside them. Dispose it to give the memory back.</summary>
public sealed class UploadedForm : IDisposable
{
    private readonly IDisposable _permit;

    internal UploadedForm(IReadOnlyList<UploadedImage> images, IReadOnlyDictionary<string, string> fields, IDisposable permit)
    {
        (Images, Fields, _permit) = (images, fields, permit);
    }

    /// <summary>The images in the order of their parts; refused ones carry their <see cref="UploadedImage.Error"/>.</summary>
    public IReadOnlyList<UploadedImage> Images { get; }

    /// <summary>The form's short text fields; empty for a raw body.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (UploadedImage image in Images)
        {
            image.Dispose();
        }

        _permit.Dispose();
    }
}
