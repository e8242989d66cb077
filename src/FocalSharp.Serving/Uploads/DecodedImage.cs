using FocalSharp.Imaging;

namespace FocalSharp.Serving.Uploads;

/// <summary>The pixels of an uploaded image, or the reason why it was rejected.</summary>
/// <param name="Name">The name for messages and responses.</param>
/// <param name="Image">The pixels, after EXIF orientation; null if the image was rejected.</param>
/// <param name="Error">The reason why the image was rejected, or null.</param>
internal sealed record DecodedImage(string Name, RgbImage? Image, UploadException? Error);
